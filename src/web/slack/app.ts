import { App, LogLevel, type Logger, type Receiver } from '@slack/bolt';
import type { Log } from '../../runtime/log.ts';
import type { EdgeHandlers } from '../../ports/edge.ts';
import type { Identity } from './identity.ts';
import { listen } from './listeners.ts';
import { payloadProblem } from './read-payload.ts';

export interface SlackAppOptions {
  token: string;
  apiUrl: string;
  handlers: EdgeHandlers;
  identity: () => Promise<Identity>;
  /** Whether people of other companies may use Lifeboat in shared channels. */
  otherCompanies: () => boolean;
  log: Log;
}

/** A Bolt app on the given receiver; every request of another team is dropped before it reaches a handler. */
export function createSlackApp(
  receiver: Receiver,
  { token, apiUrl, handlers, identity, otherCompanies, log }: SlackAppOptions,
): App {
  const app = new App({
    receiver,
    authorize: async () => {
      const { botId, botUserId, teamId } = await identity();
      return { botToken: token, botId, botUserId, teamId };
    },
    clientOptions: { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, timeout: 2500 },
    logger: boltLogger(log),
    convoStore: false,
  });
  app.use(async ({ body, next }) => {
    const problem = payloadProblem(body);
    if (problem !== null) {
      log.warn({ problem }, 'request that Slack would not send dropped');
      return;
    }
    const { teamId } = await identity();
    const stranger = foreignTeam(body, teamId, otherCompanies());
    if (stranger === null) await next();
    else log.warn({ team: stranger }, 'request of a foreign team dropped');
  });
  app.error((error) => {
    log.error({ err: error }, 'slack request failed');
    return Promise.resolve();
  });
  // Known before it is needed: who types while Slack refuses the token is heard all the same.
  identity().catch(() => undefined);
  listen(app, handlers, log);
  return app;
}

/** The team that is not ours, if the request or the person behind it belongs to another (Slack Connect). */
function foreignTeam(body: unknown, ours: string, anyPerson: boolean): string | null {
  const at = (...path: string[]): unknown =>
    path.reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      body,
    );
  const teams = [at('team_id'), at('team', 'id'), ...(anyPerson ? [] : [at('user', 'team_id')])];
  const named = teams.filter((team): team is string => typeof team === 'string');
  if (named.length === 0) return 'unnamed';
  return named.find((team) => team !== ours) ?? null;
}

/** Bolt's log lines as ours; its information level is too chatty for an incident, and while it is `quiet` all are. */
export function boltLogger(log: Log, quiet = (): boolean => false): Logger {
  const say =
    (level: 'debug' | 'warn' | 'error') =>
    (...words: unknown[]) => {
      const error = words.find((each) => each instanceof Error);
      log[quiet() ? 'debug' : level](
        { ...(error && { err: error }), words: words.filter((each) => !(each instanceof Error)).map(String) },
        'slack',
      );
    };
  return {
    debug: () => undefined,
    info: say('debug'),
    warn: say('warn'),
    error: say('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
