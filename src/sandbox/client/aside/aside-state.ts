import type {
  Gesture,
  GestureAnswer,
  Mail,
  Phone,
  ServiceTile,
  Surrounding,
  TourStep,
  WireRow,
} from '../../page/protocol.ts';

/** What the panels read of the page's state. */
export interface AsideState {
  readonly phones: readonly Phone[];
  readonly mail: readonly Mail[];
  /** Oldest first. */
  readonly wire: readonly WireRow[];
  readonly services: readonly ServiceTile[];
  readonly surroundings: readonly Surrounding[];
  readonly tour: readonly TourStep[];
  readonly speed: number;
  readonly estate: string;
  /** Only looked at for whether they changed: what happens to an incident is said in messages. */
  readonly messages?: unknown;
}

/** A gesture without its person. */
type Doing<G = Gesture> = G extends Gesture ? Omit<G, 'as'> : never;
/** Does something as the person who is acting; the caller adds who that is, and says failures. */
export type Act = (doing: Doing) => Promise<GestureAnswer>;

export type PanelName = 'tour' | 'phones' | 'inbox' | 'status' | 'wire' | 'estate';
