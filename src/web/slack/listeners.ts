import type { App, BlockAction, ButtonAction, MessageShortcut, RespondArguments, ViewStateValue } from '@slack/bolt';
import type { Log } from '../../runtime/log.ts';
import type { EdgeHandlers } from '../../ports/edge.ts';
import { answerCommand, answerDirectly, answerPress, refusal } from './answer.ts';

const actorOf = (user: string): string => `slack:${user}`;

/** Connects Slack's requests to the handlers. The trigger id is the same for every repeat of a request by the network. */
export function listen(app: App, handlers: EdgeHandlers, log: Log): void {
  app.command(/.*/, async ({ command, ack, respond, client }) => {
    const { trigger_id: triggerId, user_id, text, channel_id: channel } = command;
    const invocation = { key: `slack:${triggerId}`, actor: actorOf(user_id), text, channel };
    const way = { ack: (response?: RespondArguments) => ack(response), respond, client, triggerId, log };
    await answerCommand(way, handlers.command(invocation));
  });

  app.action<BlockAction<ButtonAction>>({ type: 'block_actions' }, async ({ body, action, ack, respond, client }) => {
    const press = {
      key: `slack:${body.trigger_id}:${action.action_id}`,
      actor: actorOf(body.user.id),
      action: action.action_id,
      value: typeof action.value === 'string' ? action.value : '',
      channel: body.channel?.id ?? null,
    };
    const way = { ack: () => ack(), respond, client, triggerId: body.trigger_id, log };
    await answerPress(way, handlers.press(press));
  });

  app.view({ type: 'view_submission' }, async ({ body, view, ack, client }) => {
    const submission = {
      key: `slack:view:${view.id}`,
      actor: actorOf(body.user.id),
      form: view.callback_id,
      about: view.private_metadata,
      values: valuesOf(view.state.values),
    };
    try {
      const answer = await handlers.submit(submission);
      if (answer.kind === 'errors') {
        await ack({ response_action: 'errors', errors: answer.errors });
        return;
      }
      if (answer.kind === 'form') {
        await ack({ response_action: 'update', view: answer.view });
        return;
      }
      await ack();
      if (answer.answer?.kind === 'message') await answerDirectly(client, body.user.id, answer.answer, log);
    } catch (error) {
      const [input = 'text'] = Object.keys(submission.values);
      await ack({ response_action: 'errors', errors: { [input]: refusal(error, log) } });
    }
  });

  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab === 'home')
      await client.views.publish({ user_id: event.user, view: await handlers.home(actorOf(event.user)) });
  });

  app.shortcut(/.*/, async ({ shortcut, ack, client }) => {
    const chosen = {
      key: `slack:${shortcut.trigger_id}`,
      actor: actorOf(shortcut.user.id),
      callback: shortcut.callback_id,
      text: shortcut.type === 'message_action' ? messageText(shortcut) : '',
      channel: shortcut.type === 'message_action' ? shortcut.channel.id : null,
    };
    try {
      const answer = await handlers.shortcut(chosen);
      if (answer.kind === 'form') await client.views.open({ trigger_id: shortcut.trigger_id, view: answer.view });
    } finally {
      await ack();
    }
  });
}

const messageText = ({ message }: MessageShortcut): string => message.text ?? '';

/** Input values by name, whatever their kind. */
function valuesOf(state: Record<string, Record<string, ViewStateValue>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(state).map(([name, inputs]) => {
      const [input] = Object.values(inputs);
      return [name, input?.value ?? input?.selected_option?.value ?? ''];
    }),
  );
}
