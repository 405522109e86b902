import type { JsonObject } from '../json.ts';

/** What an effect of a drill would have sent. */
export interface Recording {
  /** As the port calls it. */
  call:
    | 'page'
    | 'assign'
    | 'note'
    | 'post'
    | 'update'
    | 'file'
    | 'channel'
    | 'invite'
    | 'topic'
    | 'pin'
    | 'archive'
    | 'unarchive';
  /** To whom: a channel, a person, a role. */
  target: string;
  /** In one line or more, as a person would have read it. */
  text: string;
  /** Everything that would have been sent. */
  body: JsonObject;
}

/** Writes down what would have been sent, once for each call and target, and returns the number of what was written. */
export type WriteRecording = (recording: Recording) => Promise<string>;
