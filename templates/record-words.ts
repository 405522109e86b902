import type { RecordState } from '../src/domain/incident/record.ts';
import { count } from './words.ts';

/** What a look at a whole timeline found, in words: what was held against what, or where it does not fit. */
export function recordWords(state: RecordState): string {
  switch (state.kind) {
    case 'whole':
      return `:lock: The record is whole: no event was changed or taken out. ${[...sealWords(state), anchorWords(state)].join(' ')}`;
    case 'emptied':
      return ':warning: The record was emptied: every incident begins with its declaration, and no event is left. A backup of the database has them.';
    case 'broken':
      return `:warning: The record was tampered with: event ${state.seq} is missing or does not fit the one before it.`;
    case 'forged':
      return `:warning: The record was tampered with: its events fit each other, but the seal was not made for event ${state.seq}. Somebody wrote them anew without the key.`;
    case 'differs':
      return state.missing
        ? `:warning: The record was tampered with: a message in this incident's channel names event ${state.seq}, which is not there any more.`
        : `:warning: The record was tampered with: a message in this incident's channel names another event ${state.seq} than the one that is there now.`;
  }
}

type Whole = Extract<RecordState, { kind: 'whole' }>;

function sealWords({ seal, last }: Whole): string[] {
  switch (seal.kind) {
    case 'sealed':
      return seal.seq === last
        ? ['It is sealed with a key outside the database.']
        : [`:warning: Its seal reaches to event ${seal.seq} of ${last}; what came after was written without the key.`];
    case 'none':
      return [
        ':warning: It is not sealed: it began before Lifeboat sealed timelines or without a key, or the seal was taken out.',
      ];
    case 'foreign':
      return [`:warning: Its seal is of the key \`${seal.key}\`, which this process does not have.`];
    case 'forged':
      return [];
  }
}

function anchorWords({ anchors }: Whole): string {
  if (anchors === null) return 'Slack could not be asked what its messages remember.';
  if (anchors.count === 0) return 'No message in Slack remembers an event yet.';
  return `${count(anchors.count, 'message')} in Slack ${anchors.count === 1 ? 'remembers' : 'remember'} the same, up to event ${anchors.newest}.`;
}
