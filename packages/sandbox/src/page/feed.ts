import { EventEmitter } from 'node:events';
import type { Alert } from '@lifeboat/stand-ins/pagerduty/types';
import type { Team } from '@lifeboat/stand-ins/slack/team';
import type { World } from '../world.ts';
import { phoneOf } from './phones.ts';
import type { Change, Phone, WireRow } from './protocol.ts';
import { pagerRow, slackRow, webhookRow, WireRows } from './wire-rows.ts';

/** Tells what changes in the world, in the words of the page. */
export class Feed extends EventEmitter<{ change: [Change] }> {
  readonly #world: World;
  readonly #wire = new WireRows();

  constructor(world: World) {
    super();
    this.setMaxListeners(0);
    this.#world = world;
    this.#slack(world.slack.workspace.events);
    this.#pager();
    world.mail.on('mail', (mail) => this.tell({ kind: 'mail', mail }));
    world.mail.on('wire', (row) => this.#row(row, row));
    world.services.on('change', (service) => this.tell({ kind: 'service', service }));
    world.surroundings.on('change', (surrounding) => this.tell({ kind: 'surrounding', surrounding }));
    world.tour.on('change', (tour) => this.tell({ kind: 'tour', tour }));
  }

  wire(): WireRow[] {
    return this.#wire.list();
  }

  phone(alert: Alert): Phone {
    return phoneOf(alert, this.#world.pagerduty.pager.directory);
  }

  tell(change: Change): void {
    this.emit('change', change);
  }

  #slack(team: Team): void {
    team.on('message', (message) => {
      for (const id of message.files ?? []) {
        const file = team.state.files[id];
        if (file) this.tell({ kind: 'file', file });
      }
      this.tell({ kind: 'message', message });
    });
    team.on('updated', (message) => this.tell({ kind: 'message', message }));
    team.on('deleted', ({ channel, ts }) => this.tell({ kind: 'deleted', channel, ts }));
    team.on('ephemeral', (ephemeral) => this.tell({ kind: 'ephemeral', ephemeral }));
    team.on('ephemeral_gone', ({ id }) => this.tell({ kind: 'ephemeral_gone', id }));
    team.on('channel', (channel) => this.tell({ kind: 'channel', channel }));
    const modals = ({ user }: { user: string }): void =>
      this.tell({ kind: 'modals', user, views: team.modalsOf(user) });
    team.on('view', (view) =>
      view.type === 'home' ? this.tell({ kind: 'home', user: view.user, view }) : modals(view),
    );
    team.on('view_closed', modals);
    team.on('reset', () => this.tell({ kind: 'reset' }));
    team.on('request', (entry) => this.#row(entry, slackRow(entry)));
  }

  #pager(): void {
    const { pager } = this.#world.pagerduty;
    pager.on('alert', (alert) => this.tell({ kind: 'phone', phone: this.phone(alert) }));
    pager.on('answered', (request) => this.#row(request, pagerRow(request)));
    pager.on('webhook', (delivery) => this.#row(delivery, webhookRow(delivery)));
  }

  #row(source: object, row: Omit<WireRow, 'n'>): void {
    this.tell({ kind: 'wire', row: this.#wire.put(source, row) });
  }
}
