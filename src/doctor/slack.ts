import { lookAtSlack, type SlackLook } from '../adapters/slack/look.ts';
import { BOT_SCOPES } from '../adapters/slack/scopes.ts';
import type { Estate } from '../domain/estate/model.ts';
import type { Config } from '../runtime/config.ts';
import { messageOf } from '../runtime/errors.ts';
import { examinePeople } from './slack-people.ts';
import { clockFinding } from './database.ts';
import { findingOf, ok, untried, wrong, type Finding } from './finding.ts';

/** Slack's stamps have whole seconds, and requests further off than 5 minutes are refused, in ms. */
const SKEW_MS = 60_000;

/** Looks at the tokens, their scopes, the channels of audiences, and the accounts of people. */
export async function examineSlack({ slack }: Config, estate: Estate | undefined): Promise<Finding[]> {
  if (!slack)
    return [wrong('Slack', 'SLACK_BOT_TOKEN is not set', 'make the app as the README says, and set its tokens')];
  const look = lookAtSlack({ token: slack.botToken, apiUrl: slack.apiUrl });
  const token = await examineToken(look);
  const secret =
    slack.signingSecret === undefined ? [] : [untried('SLACK_SIGNING_SECRET', 'only a request of Slack shows it')];
  const app = slack.appToken === undefined ? [] : [await examineAppToken(look, slack.appToken)];
  if (token.some(({ about, state }) => about === TOKEN && state === 'wrong')) return [...token, ...app, ...secret];
  const channels = channelsOf(estate);
  const found: Finding[] = [];
  for (const to of channels) found.push(await examineChannel(look, to)); // one reading of the list serves all
  return [...token, ...app, ...secret, ...found, ...(await examinePeople(look, estate)), await examineClock(look)];
}

const TOKEN = 'SLACK_BOT_TOKEN';

async function examineToken(look: SlackLook): Promise<Finding[]> {
  const answer = await look.botToken();
  const fix = "check the way to SLACK_API_URL, and copy the Bot User OAuth Token from the app's settings anew";
  const token = findingOf(TOKEN, answer, ({ bot, team }) => `is ${bot} in ${team}`, fix);
  if (answer.kind !== 'done') return [token];
  const { scopes } = answer.value;
  if (scopes === null) return [token, untried('Slack, scopes', 'Slack does not say which the token has')];
  const missing = BOT_SCOPES.filter((scope) => !scopes.includes(scope));
  const about = 'Slack, scopes';
  return [
    token,
    missing.length === 0
      ? ok(about, 'all are there')
      : wrong(
          about,
          `missing: ${missing.join(', ')}`,
          'add them as in slack-app-manifest.yaml, and install the app again',
        ),
  ];
}

async function examineAppToken(look: SlackLook, token: string): Promise<Finding> {
  const fix = 'check the way to SLACK_API_URL, and make an app-level token with the scope connections:write anew';
  return findingOf('SLACK_APP_TOKEN', await look.appToken(token), () => 'opens a socket', fix);
}

const channelsOf = (estate: Estate | undefined): string[] => [
  ...new Set(
    Object.values(estate?.audiences ?? {}).flatMap(({ slack }) =>
      slack === undefined || slack === 'incident-channel' ? [] : [slack],
    ),
  ),
];

async function examineChannel(look: SlackLook, to: string): Promise<Finding> {
  const fix = `create ${to} or correct the audience, and invite the bot if it is private`;
  const words = { member: 'the bot is a member', 'joins by itself': 'the bot joins it when it first writes there' };
  return findingOf(`Slack, channel ${to}`, await look.channel(to), (value) => words[value], fix);
}

async function examineClock(look: SlackLook): Promise<Finding> {
  try {
    const ahead = await look.clock();
    return ahead === null
      ? untried('clock of Slack', 'its answer names no time')
      : clockFinding('clock of Slack', ahead, SKEW_MS);
  } catch (error) {
    return untried('clock of Slack', messageOf(error));
  }
}
