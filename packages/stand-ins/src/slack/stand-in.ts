import { type ChannelSeed, defaultChannels, defaultUsers, newState, type UserSeed } from './defaults.ts';
import { Dispatcher } from './dispatcher.ts';
import { Echo } from './echo.ts';
import { Faults } from './faults.ts';
import { RateLimits } from './limits.ts';
import type { Method } from './methods/method.ts';
import { HttpSender, type RequestUrls } from './sender.ts';
import { SlackServer } from './server.ts';
import { SocketHub } from './socket-mode.ts';
import type { SlackState } from './state.ts';
import { Team } from './team.ts';
import { WebApi } from './web-api.ts';
import { Wire } from './wire.ts';
import { Workspace } from './workspace.ts';

export interface SlackStandInOptions {
  /** 0 or left out: any free port of 127.0.0.1. */
  port?: number;
  signingSecret?: string;
  botToken?: string;
  appToken?: string;
  teamId?: string;
  users?: UserSeed[];
  channels?: ChannelSeed[];
  /** Milliseconds since 1970; Date.now when left out. */
  clock?: () => number;
  /** `real` enforces Slack's rate limits; off when left out, so that tests are quick. */
  limits?: 'off' | 'real';
  requestUrl?: RequestUrls;
  /** A state stored earlier. */
  state?: SlackState;
}

export interface SlackStandIn {
  /** The Web API base, for SLACK_API_URL: like http://127.0.0.1:1234/api/ */
  url: string;
  signingSecret: string;
  botToken: string;
  appToken: string;
  workspace: Workspace;
  close(): Promise<void>;
}

/** Starts a Slack-compatible workspace on 127.0.0.1: Web API, Socket Mode, signed HTTP, and people to act in it. */
export async function startSlackStandIn(options: SlackStandInOptions = {}): Promise<SlackStandIn> {
  const { signingSecret = 'sandbox-signing-secret', botToken = 'xoxb-sandbox', appToken = 'xapp-sandbox' } = options;
  const now = options.clock ?? Date.now;
  const fresh = () =>
    newState(options.teamId ?? 'T0SANDBOX', options.users ?? defaultUsers, options.channels ?? defaultChannels, now());
  const team = new Team(options.state ?? fresh(), now);
  const [wire, faults, limits] = [new Wire(), new Faults(), new RateLimits()];
  limits.mode = options.limits ?? 'off';
  const hub = new SocketHub(team, wire);
  const http = new HttpSender(team, wire, signingSecret);
  http.urls = options.requestUrl;
  const dispatcher = new Dispatcher(http, hub);
  const openConnection: Method = {
    tier: 3,
    token: 'app',
    run: ({ base }) => ({ url: hub.issueUrl(base.replace('http://', '')) }),
  };
  const extra = { 'apps.connections.open': openConnection };
  const api = new WebApi({ team, faults, limits, wire, tokens: { bot: botToken, app: appToken }, extra });
  const server = new SlackServer(api, hub, team);
  const host = await server.listen(options.port ?? 0);
  const base = () => `http://${host}`;
  return {
    url: `${base()}/api/`,
    signingSecret,
    botToken,
    appToken,
    workspace: new Workspace({
      team,
      echo: new Echo(team, dispatcher),
      wire,
      faults,
      limits,
      dispatcher,
      server,
      fresh,
      base,
    }),
    async close() {
      dispatcher.close();
      await server.close();
    },
  };
}
