import { EventEmitter } from 'node:events';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { Surrounding } from './page/protocol.ts';
import type { SlackStandIn } from '@lifeboat/stand-ins/slack/stand-in';

/** Something around the estate that can be taken away and brought back. */
export interface Part {
  id: string;
  name: string;
  about: string;
  take(): Promise<void> | void;
  bring(): Promise<void> | void;
}

/** What can be taken away around the estate, and whether it is there. */
export class Surroundings extends EventEmitter<{ change: [Surrounding] }> {
  readonly #parts = new Map<string, Part>();
  readonly #states = new Map<string, Surrounding['state']>();

  add(part: Part): void {
    this.#parts.set(part.id, part);
  }

  list(): Surrounding[] {
    return [...this.#parts.values()].map((part) => this.#shown(part));
  }

  isUp(id: string): boolean {
    return this.#states.get(id) !== 'down';
  }

  /** Notes how a part is now. */
  note(id: string, state: Surrounding['state']): void {
    const before = this.#states.get(id);
    this.#states.set(id, state);
    const part = this.#parts.get(id);
    if (part && before !== state) this.emit('change', this.#shown(part));
  }

  /** Takes a part away or brings it back; throws when there is no such part. */
  async set(id: string, up: boolean): Promise<void> {
    const part = this.#parts.get(id);
    if (!part) throw new Error(`There is no ${id} to take away; there is ${[...this.#parts.keys()].join(', ')}.`);
    await (up ? part.bring() : part.take());
  }

  #shown({ id, name, about }: Part): Surrounding {
    return { id, name, about, state: this.#states.get(id) ?? 'up' };
  }
}

/** The services that Lifeboat talks to. */
export function outsideParts(slack: SlackStandIn, pagerduty: PagerDutyStandIn, surroundings: Surroundings): Part[] {
  return [
    {
      id: 'slack',
      name: 'Slack',
      about: 'Connections are reset: nobody can write, and what Lifeboat has to say waits, in order.',
      take() {
        slack.workspace.outage(true);
        surroundings.note('slack', 'down');
      },
      bring() {
        slack.workspace.outage(false);
        surroundings.note('slack', 'up');
      },
    },
    {
      id: 'pagerduty',
      name: 'PagerDuty',
      about: 'Connections are refused: pages wait and are tried again, and the people are told in Slack meanwhile.',
      async take() {
        surroundings.note('pagerduty', 'down');
        await pagerduty.pager.startOutage('refused');
      },
      async bring() {
        await pagerduty.pager.endOutage();
        surroundings.note('pagerduty', 'up');
      },
    },
  ];
}
