import type { GestureAnswer } from '../../page/protocol.ts';
import type { Doing } from '../state/act.ts';
import type { ClientState } from '../state/client-state.ts';

/** What the panels read of the page's state; of `messages` only whether they changed: they tell of incidents. */
export type AsideState = Pick<
  ClientState,
  'phones' | 'mail' | 'wire' | 'services' | 'surroundings' | 'tour' | 'speed' | 'estate' | 'messages'
>;

/** Does something as the person who is acting; the caller adds who that is, and says failures. */
export type Act = (doing: Doing) => Promise<GestureAnswer>;
