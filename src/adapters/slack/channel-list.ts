import type { Outcome } from '../../domain/effect/outcome.ts';
import { done, retry } from '../../domain/effect/outcome.ts';
import { isRefusal } from './attempt.ts';

export interface Place {
  id: string;
  name: string;
  archived: boolean;
  member: boolean;
  /** When it was created, in ms since 1970. */
  created: number;
  creator: string | undefined;
  /** Whether people of another company or workspace are, or are asked to be, in it. */
  shared: boolean;
  /** Its topic and purpose. */
  about: string;
}

export interface ChannelPage {
  places: Place[];
  /** Empty at the end. */
  cursor: string;
}

/** For so long one question reads pages, in ms; then it is to be asked again and goes on where it stopped. */
const PATIENCE_MS = 8_000;

/**
 * A list of channels that is read page by page, since Slack has no look-up by name. It keeps its place: after a 429 or
 * a lost answer it goes on at the page that failed. Whoever asks at one time reads the same pages.
 */
export class ChannelList {
  readonly #read: (cursor: string) => Promise<Outcome<ChannelPage>>;
  readonly #now: () => number;
  #places = new Map<string, Place>();
  #cursor: string | undefined = '';
  #step: Promise<Outcome> | undefined;

  constructor(read: (cursor: string) => Promise<Outcome<ChannelPage>>, now: () => number = () => performance.now()) {
    this.#read = read;
    this.#now = now;
  }

  /** Whether it was begun and has more pages. */
  get underWay(): boolean {
    return !this.whole && this.#places.size > 0;
  }

  /** Whether it was read to its end. */
  get whole(): boolean {
    return this.#cursor === undefined;
  }

  /** The first channel that fits by the order of `names`, or null when none does; reads no further than it must. */
  async find(names: readonly string[], fits: (place: Place) => boolean): Promise<Outcome<Place | null>> {
    const started = this.#now();
    for (;;) {
      const found = names
        .map((name) => this.#places.get(name))
        .find((place): place is Place => place !== undefined && fits(place));
      if (found !== undefined || this.whole) return done(found ?? null);
      if (this.#now() - started > PATIENCE_MS) {
        return retry(`list the channels: ${this.#places.size} read so far, and more to come`, 500);
      }
      this.#step ??= this.#next().finally(() => (this.#step = undefined));
      const step = await this.#step;
      if (step.kind !== 'done') return step;
    }
  }

  async #next(): Promise<Outcome> {
    const page = await this.#read(this.#cursor ?? '');
    if (isRefusal(page, 'invalid_cursor')) {
      // Slack's markers run out: only then the list is read from its first page again.
      this.#cursor = '';
      return retry('list the channels: the page marker ran out', 500);
    }
    if (page.kind !== 'done') return page;
    for (const place of page.value.places) {
      const known = this.#places.get(place.name);
      if (known === undefined || known.archived) this.#places.set(place.name, place);
    }
    this.#cursor = page.value.cursor === '' ? undefined : page.value.cursor;
    return done(undefined);
  }
}
