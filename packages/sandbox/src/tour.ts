import { EventEmitter } from 'node:events';
import type { Estate } from '../../../src/domain/estate/model.ts';
import type { ServiceTile, TourStep } from './page/protocol.ts';
import { isObject } from '@lifeboat/stand-ins/slack/args';
import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';

type StepId = TourStep['id'];

/** Six steps from a broken service to a resolved incident; each is ticked by what is seen to have happened. */
export class Tour extends EventEmitter<{ change: [TourStep[]] }> {
  readonly #steps: Omit<TourStep, 'done'>[];
  readonly #done: Set<StepId>;

  constructor(estate: Estate, done: readonly StepId[]) {
    super();
    this.#steps = stepsFor(estate);
    this.#done = new Set(done);
  }

  list(): TourStep[] {
    return this.#steps.map((step) => ({ ...step, done: this.#done.has(step.id) }));
  }

  done(): StepId[] {
    return [...this.#done];
  }

  /** A service is seen as it is now. */
  service({ broken, health }: ServiceTile): void {
    if (broken !== null && (health === 'down' || health === 'degraded')) this.#tick('break');
  }

  /** A page is on a telephone as it is now. */
  page({ status }: { status: string }): void {
    if (status === 'acknowledged') this.#tick('acknowledge');
  }

  /** A message stands in the workspace as it is now. */
  message(message: SlackMessage): void {
    const key = message.metadata?.event_payload['key'];
    if (typeof key !== 'string') return;
    if (key.startsWith('card:')) this.#tick('declare');
    if (/^post:\d+:run-started:/.test(key)) this.#tick('recover');
    if (!headerOf(message).startsWith(':white_check_mark:')) return;
    if (key.startsWith('approval:')) this.#tick('approve');
    if (key.startsWith('card:')) this.#tick('resolve');
  }

  #tick(id: StepId): void {
    if (this.#done.has(id)) return;
    this.#done.add(id);
    this.emit('change', this.list());
  }
}

function headerOf(message: SlackMessage): string {
  const text = message.blocks?.find((block) => block['type'] === 'header')?.['text'];
  return isObject(text) && typeof text['text'] === 'string' ? text['text'] : '';
}

function stepsFor(estate: Estate): Omit<TourStep, 'done'>[] {
  const service = estate.services['api-gateway'] ? 'api-gateway' : (Object.keys(estate.services)[0] ?? '');
  const name = estate.services[service]?.name ?? service;
  const commander = estate.people[estate.roles['incident-commander']?.people[0] ?? ''];
  return [
    {
      id: 'break',
      title: 'Break something',
      how: `Open Estate, find ${name}, press Break and then Kill it. Its tile turns red within seconds.`,
      go: { panel: 'estate' },
    },
    {
      id: 'declare',
      title: 'Declare the incident',
      how: `The answer will lead to the incident's own channel. Press this command to put it into the message box, then Enter: \`/dr declare P1 ${name} is down service:${service}\`.`,
      go: { channel: 'general' },
    },
    {
      id: 'acknowledge',
      title: 'Answer the page',
      how: 'A telephone rings. Open Phones and press Acknowledge, so that nobody further is woken. Whoever was paged can do the same in the channel with `/dr ack`.',
      go: { panel: 'phones' },
    },
    {
      id: 'recover',
      title: 'Recover the service',
      how: `Lifeboat looks at what is unhealthy and begins, when you send in the incident's channel \`/dr recover ${service}\`.`,
      go: { channel: 'incident' },
    },
    {
      id: 'approve',
      title: 'Give approval',
      how: `A restart cuts traffic, so somebody else than you must approve it. Act as ${commander?.name ?? 'an incident commander'}, read what would run in the incident's channel, and press Approve there.`,
      go: commander?.slack === undefined ? { channel: 'incident' } : { actAs: commander.slack },
    },
    {
      id: 'resolve',
      title: 'Resolve it',
      how: "The page ends, and whoever was told of the incident is told of its end. Any of the people may do it: when the run is done and the tile is green, send in the incident's channel `/dr resolve The gateway was restarted`.",
      go: { channel: 'incident' },
    },
  ];
}
