import { findModal, openModal, publishHome, pushModal, replaceModal } from '../modals.ts';
import { presentView } from '../present.ts';
import { SlackRefusal } from '../refusal.ts';
import type { SlackTrigger } from '../state.ts';
import type { Call, Method } from './method.ts';

/** Slack: a trigger_id lives three seconds and is good for one call. */
const triggerLifeMs = 3000;

function useTrigger({ team, args }: Call): SlackTrigger {
  const id = args.str('trigger_id');
  if (id === '') throw new SlackRefusal('invalid_arguments', ['missing required field: trigger_id [json-pointer:/]']);
  const trigger = team.state.triggers[id];
  if (!trigger) throw new SlackRefusal('invalid_trigger_id');
  if (trigger.used) throw new SlackRefusal('exchanged_trigger_id');
  if (team.now() - trigger.issued_at > triggerLifeMs) throw new SlackRefusal('expired_trigger_id');
  return trigger;
}

const viewOf = ({ args }: Call) => args.object('view', 'invalid_arguments');

const open: Method = {
  tier: 4,
  run(call) {
    const trigger = useTrigger(call);
    const view = openModal(call.team, trigger.user, viewOf(call));
    trigger.used = true;
    return { view: presentView(call.team.state, view) };
  },
};

const push: Method = {
  tier: 4,
  run(call) {
    const trigger = useTrigger(call);
    const view = pushModal(call.team, trigger.user, viewOf(call));
    trigger.used = true;
    return { view: presentView(call.team.state, view) };
  },
};

const update: Method = {
  tier: 4,
  run(call) {
    const { team, args } = call;
    const [id, external] = [args.str('view_id'), args.str('external_id')];
    const view = findModal(team, (other) =>
      id === '' ? external !== '' && other.external_id === external : other.id === id,
    );
    if (!view) throw new SlackRefusal('not_found');
    if (args.has('hash') && args.str('hash') !== view.hash) throw new SlackRefusal('hash_conflict');
    return { view: presentView(team.state, replaceModal(team, view, viewOf(call))) };
  },
};

const publish: Method = {
  tier: 4,
  run(call) {
    const { team, args } = call;
    const user = args.str('user_id');
    if (!team.user(user)) throw new SlackRefusal('invalid_arguments', ['user_id is unknown']);
    const before = team.state.homes[user];
    if (args.has('hash') && before && args.str('hash') !== before.hash) throw new SlackRefusal('hash_conflict');
    return { view: presentView(team.state, publishHome(team, user, viewOf(call))) };
  },
};

export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
