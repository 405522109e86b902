/** What Slack says in a word, said to a person. */
const WORDS: Readonly<Record<string, string>> = {
  dispatch_failed: 'Lifeboat did not answer. It may be down.',
  dispatch_unknown_error: 'Lifeboat did not answer. It may be down.',
  operation_timeout: 'Lifeboat did not answer within three seconds. It may be busy or down.',
  app_not_connected: 'Lifeboat is not connected. It may be down.',
  is_archived: 'This channel is archived, so nobody can write here.',
  not_in_channel: 'You are not in this channel. Join it first.',
  channel_not_found: 'This channel is gone.',
  message_not_found: 'This message is gone.',
  view_not_found: 'This form is closed already.',
  already_pinned: 'This message is pinned already.',
  no_pin: 'This message is not pinned any more.',
  too_many_pins: 'This channel has 100 pins, which is the most. Unpin something first.',
};

/** An answer's error in words; what is in words already stays as it is. */
export function errorWords(error: string | undefined): string {
  if (error === undefined || error === '') return 'That did not work, and nobody said why.';
  return (
    WORDS[error] ?? (/^[a-z]+(_[a-z]+)+$/.test(error) ? `That did not work: ${error.replaceAll('_', ' ')}.` : error)
  );
}
