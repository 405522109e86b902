import type { Person, Pressable } from '@lifeboat/stand-ins/slack/person';
import type { Reply } from '@lifeboat/stand-ins/slack/gestures';
import type { SlackMessage, SlackView } from '@lifeboat/stand-ins/slack/state';
import type { World } from '../world.ts';
import type { Gesture, GestureAnswer, Target } from './protocol.ts';

/** Does what a person does in the page. What the stand-ins refuse is answered, not thrown. */
export async function act(world: World, gesture: Gesture): Promise<GestureAnswer> {
  try {
    return await perform(world, gesture);
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(world: World, gesture: Gesture): Promise<GestureAnswer> {
  if (gesture.do === 'acknowledge' || gesture.do === 'resolve') return onPhone(world, gesture);
  if (gesture.do === 'break' || gesture.do === 'mend' || gesture.do === 'surrounding') {
    await onEstate(world, gesture);
    return DONE;
  }
  if (!world.surroundings.isUp('slack')) throw new Error(SLACK_AWAY);
  return inSlack(world, world.slack.workspace.user(gesture.as), gesture);
}

type PhoneGesture = Extract<Gesture, { do: 'acknowledge' | 'resolve' }>;
type EstateGesture = Extract<Gesture, { do: 'break' | 'mend' | 'surrounding' }>;
type SlackGesture = Exclude<Gesture, PhoneGesture | EstateGesture>;

const DONE: GestureAnswer = { ok: true };
const SLACK_AWAY = 'Slack is away, so nobody can do anything in it. Bring it back under Estate.';

async function onEstate({ services, surroundings }: World, gesture: EstateGesture): Promise<void> {
  if (gesture.do === 'break') await services.break(gesture.service, gesture.how);
  else if (gesture.do === 'mend') await services.mend(gesture.service);
  else await surroundings.set(gesture.id, gesture.up);
}

/** The telephone is not in the provider's hands: its buttons work only while the pager does. */
function onPhone(world: World, gesture: PhoneGesture): GestureAnswer {
  if (!world.surroundings.isUp('pagerduty')) throw new Error('PagerDuty is away. Bring it back under Estate.');
  const { pager } = world.pagerduty;
  const alert = pager.alerts().find(({ id }) => id === gesture.phone);
  if (!alert) throw new Error('There is no such page any more.');
  const by = [world.pagerUser(gesture.as), ...alert.assignees].find((id) =>
    pager.directory.users.some((user) => user.id === id),
  );
  if (by === undefined) throw new Error('Nobody of this estate has a telephone to press that on.');
  // Whether the webhook arrives is Lifeboat's affair: the telephone shows the change at once.
  const pressed = pager[gesture.do](alert.dedup_key, { by });
  pressed.catch(() => undefined);
  return DONE;
}

async function inSlack(world: World, person: Person, gesture: SlackGesture): Promise<GestureAnswer> {
  switch (gesture.do) {
    case 'say':
      await person.say(gesture.channel, gesture.text, gesture.thread === undefined ? {} : { thread: gesture.thread });
      return DONE;
    case 'command':
      return answerOf(await person.command(gesture.command, gesture.text, { channel: gesture.channel }));
    case 'press': {
      const { block_id, action_id, value } = gesture;
      const pick = { block_id, action_id, ...(value !== undefined && { value }) };
      return answerOf(await person.press(find(world, person, gesture.target), pick));
    }
    case 'choose': {
      const { block_id, action_id, value } = gesture;
      return answerOf(await person.choose(find(world, person, gesture.target), { block_id, action_id }, value));
    }
    case 'submit':
      return answerOf(await person.submit(viewOf(person, gesture.view), gesture.values));
    case 'close':
      await person.close(viewOf(person, gesture.view));
      return DONE;
    case 'shortcut':
      return answerOf(await person.shortcut(gesture.callback_id, gesture.message && message(world, gesture.message)));
    case 'react':
      await person.react(message(world, gesture), gesture.name);
      return DONE;
    case 'pin':
      await person.pin(message(world, gesture), gesture.pinned);
      return DONE;
    case 'bookmark':
      person.bookmark(gesture.channel, gesture.title, gesture.link);
      return DONE;
    case 'join':
      await person.join(gesture.channel);
      return DONE;
    case 'open_home':
      await person.openHome();
      return DONE;
  }
}

function find(world: World, person: Person, target: Target): Pressable {
  if ('message' in target) return message(world, target.message);
  if ('view' in target) return viewOf(person, target.view);
  const shown = person.ephemerals.find(({ id }) => id === target.ephemeral);
  if (!shown) throw new Error('That message is gone.');
  return shown;
}

function viewOf(person: Person, id: string): SlackView {
  const view = person.home?.id === id ? person.home : person.openViews.find((each) => each.id === id);
  if (!view) throw new Error('That form is closed already.');
  return view;
}

function message(world: World, { channel, ts }: { channel: string; ts: string }): SlackMessage {
  const found = world.slack.workspace.events.findMessage(channel, ts);
  if (!found) throw new Error('That message is gone.');
  return found;
}

function answerOf(reply: Reply): GestureAnswer {
  if (reply.error !== undefined) return { ok: false, error: FAILURES[reply.error] ?? reply.error };
  if (Object.keys(reply.errors).length > 0) return { ok: false, errors: reply.errors };
  return DONE;
}

/** What Slack tells a person whose command or button failed, and what it means. */
const FAILURES: Record<string, string> = {
  dispatch_failed: 'Lifeboat is not connected, so nothing happened. Look under Estate whether its bot is up.',
  operation_timeout: 'Lifeboat did not answer within three seconds. It may still do it: look before you repeat it.',
  http_error: 'Lifeboat answered with an error.',
};
