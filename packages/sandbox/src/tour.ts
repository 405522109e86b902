import { EventEmitter } from 'node:events';
import type { Estate } from '../../../src/domain/estate/model.ts';
import type { ServiceTile, TourStep } from './page/protocol.ts';
import { isObject } from '@lifeboat/stand-ins/slack/args';
import type { SlackMessage } from '@lifeboat/stand-ins/slack/state';

type StepId = TourStep['id'];

/** Five steps from a broken service to a resolved incident; each is ticked by what is seen to have happened. */
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
  const commander = estate.people[estate.roles['incident-commander']?.people[0] ?? '']?.name;
  return [
    {
      id: 'break',
      title: 'Break something',
      how: `Open Estate, find ${name}, and choose Break, then Kill it. Its tile turns red within seconds.`,
    },
    {
      id: 'declare',
      title: 'Declare the incident',
      how: `In any channel type \`/dr declare P1 ${name} is down service:${service}\`. A channel opens, and a telephone rings: see Phones.`,
    },
    {
      id: 'recover',
      title: 'Recover the service',
      how: `In the incident's channel type \`/dr recover ${service}\`. Lifeboat looks what is unhealthy and begins.`,
    },
    {
      id: 'approve',
      title: 'Give approval',
      how: `Restarting cuts traffic, so somebody else must agree. Act as ${commander ?? 'an incident commander'} and press Approve.`,
    },
    {
      id: 'resolve',
      title: 'Resolve it',
      how: 'When the run is done and the tile is green type `/dr resolve The gateway was restarted`. The page is resolved and everybody is told.',
    },
  ];
}
