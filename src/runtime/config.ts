import * as z from 'zod';
import { LifeboatError } from './errors.ts';
import { blankInitialEnvironment } from './initial-environment.ts';

const text = z.string().trim().min(1, 'must not be empty');
const url = z.url('must be an address such as https://example.com');
const port = z.coerce.number('must be a number').int().min(0).max(65_535);
const keys = text.refine((value) => splitList(value).every((key) => /^[\x21-\x7e]{32,}$/.test(key)), {
  message: 'must be 32 or more characters without spaces (`openssl rand -hex 32`); several with commas between them',
});
const prefixed = (prefix: string): z.ZodType<string> =>
  text.refine((value) => value.startsWith(prefix), { message: `must begin with ${prefix}` });

/** Variables that must never be shown; of addresses their password. Those of PAGERDUTY_ROUTING_KEY_<ROLE> belong to them. */
const SECRET = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'PAGERDUTY_ROUTING_KEY',
  'PAGERDUTY_API_TOKEN',
  'PAGERDUTY_WEBHOOK_SECRET',
  'LIFEBOAT_ANCHOR_KEY',
] as const;
const WITH_PASSWORD = ['DATABASE_URL', 'REDIS_URL'] as const;

/** What stands between commas. */
function splitList(value: string): string[] {
  return value
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
}

/** Every environment variable that Lifeboat reads; this is the one place that does. */
const SCHEMA = z.object({
  PORT: port.default(3000),
  HOST: text.default('0.0.0.0'),
  LIFEBOAT_PRIVATE_PORT: port.optional(),
  LIFEBOAT_PRIVATE_HOST: text.default('127.0.0.1'),
  LIFEBOAT_HOME: text.default('.lifeboat'),
  LIFEBOAT_ESTATE: text.optional(),
  LIFEBOAT_ANCHOR_KEY: keys.optional(),
  LIFEBOAT_SITE: text.optional(),
  LIFEBOAT_SPEED: z.coerce.number('must be a number').min(1).max(600, 'must be at most 600').default(1),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be postgres://user:password@host/database')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must be redis://host:6379')
    .optional(),
  SLACK_BOT_TOKEN: prefixed('xoxb-').optional(),
  SLACK_APP_TOKEN: prefixed('xapp-').optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_API_URL: url.default('https://slack.com/api/'),
  PAGERDUTY_ROUTING_KEY: text.optional(),
  PAGERDUTY_EVENTS_URL: url.default('https://events.pagerduty.com/v2'),
  PAGERDUTY_API_URL: url.default('https://api.pagerduty.com'),
  PAGERDUTY_API_TOKEN: text.optional(),
  PAGERDUTY_FROM: z.email('must be the e-mail of a PagerDuty user').optional(),
  PAGERDUTY_WEBHOOK_SECRET: text.optional(),
  PATH: z.string().optional(),
  HOME: z.string().optional(),
  LANG: z.string().optional(),
  ERLMCP_HOME: z.string().optional(),
  LIFEBOAT_SECRETS_DIR: text.optional(),
});

/** The names of all of them, but those that end in a name of people's own. */
export const VARIABLES: readonly string[] = Object.keys(SCHEMA.shape);

export interface Config {
  port: number;
  host: string;
  /** Of readiness and metrics; without a port 3001, or a free one where that is taken. */
  private: { port: number | undefined; host: string };
  home: string;
  estate: string;
  /** Nobody named an estate, so it is the example's. */
  exampleEstate: boolean;
  /** Variables with keys of accounts that are not on this machine: what is sent with them reaches people. */
  realAccounts: string[];
  /** Keys that seal timelines, the signing one first; without them the one in the home folder. */
  anchorKeys: string[];
  site: string | undefined;
  /** How many times faster than life the estate's durations run; more than 1 only beside a Slack on this machine. */
  speed: number;
  logLevel: string;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  slack:
    { botToken: string; appToken: string | undefined; signingSecret: string | undefined; apiUrl: string } | undefined;
  pagerduty: {
    routingKey: string | undefined;
    routingKeys: Record<string, string>;
    eventsUrl: string;
    apiUrl: string;
    apiToken: string | undefined;
    from: string | undefined;
    webhookSecrets: string[];
  };
  /** What commands of runbooks inherit. */
  commandEnvironment: Record<string, string>;
  /** What `${{ secrets.NAME }}` of runbooks reads. */
  stepSecrets: { variables: Record<string, string>; directory: string | undefined };
  /** Values that must never be shown. */
  secrets: string[];
  /** Why programs of the same user can read the environment that this process was started with; null when they cannot. */
  exposed: string | null;
}

/** The configuration with something said on the command line, which counts as if it stood in the environment. */
export function readConfigWith(said: Record<string, string | undefined>): Config {
  const { env, exposed } = takeEnvironment();
  return { ...readConfig({ ...env, ...said }), exposed };
}

/** Takes the environment away from where programs that this process starts could read its secrets. */
function takeEnvironment(): { env: NodeJS.ProcessEnv; exposed: string | null } {
  const env = { ...process.env };
  const exposed = blankInitialEnvironment();
  for (const [name, value] of Object.entries(env)) {
    if (isSecret(name)) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  return { env, exposed };
}

const isSecret = (name: string): boolean =>
  [...SECRET, ...WITH_PASSWORD].some((each) => each === name) ||
  name.startsWith(ROUTING) ||
  name.startsWith(STEP_SECRET);

/** Reads the whole configuration at once; throws one LifeboatError that lists every problem, never a secret's value. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = SCHEMA.safeParse(set);
  const problems = parsed.success
    ? crossChecks(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  if (!parsed.success || problems.length > 0) {
    throw new LifeboatError(
      'invalid',
      `the configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
      'set the environment variables that are named; docs/operating.md explains each',
    );
  }
  return shape(parsed.data, set);
}

type Values = z.infer<typeof SCHEMA>;

function crossChecks(values: Values): string[] {
  const { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_SIGNING_SECRET: secret } = values;
  const problems: string[] = [];
  if (!bot && (app || secret)) problems.push('SLACK_BOT_TOKEN is missing beside the other SLACK_* variables');
  if (bot && !app && !secret) {
    problems.push(
      'SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing: without one no command arrives',
    );
  }
  if (values.LIFEBOAT_SPEED !== 1 && bot && !isHere(values.SLACK_API_URL)) {
    problems.push('LIFEBOAT_SPEED is for the sandbox: with a real Slack people would be paged ahead of time');
  }
  return problems;
}

const isHere = (address: string): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);

const EXAMPLE = 'examples/erlmcp/estate.yaml';
const ROUTING = 'PAGERDUTY_ROUTING_KEY_';
const STEP_SECRET = 'LIFEBOAT_SECRET_';

function routingKeysOf(set: Record<string, string | undefined>): Record<string, string> {
  const routing = Object.entries(set).filter(([name, value]) => name.startsWith(ROUTING) && value !== '');
  return Object.fromEntries(
    routing.map(([name, value]) => [name.slice(ROUTING.length).toLowerCase().replaceAll('_', '-'), value ?? '']),
  );
}

function shape(values: Values, set: Record<string, string | undefined>): Config {
  const routingKeys = routingKeysOf(set);
  const stepSecrets = Object.fromEntries(
    Object.entries(set).flatMap(([name, value = '']) =>
      name.startsWith(STEP_SECRET) ? [[name.slice(STEP_SECRET.length), value]] : [],
    ),
  );
  const inherited = { PATH: values.PATH, HOME: values.HOME, LANG: values.LANG, ERLMCP_HOME: values.ERLMCP_HOME };
  const webhookSecrets = splitList(values.PAGERDUTY_WEBHOOK_SECRET ?? '');
  const anchorKeys = splitList(values.LIFEBOAT_ANCHOR_KEY ?? '');
  return {
    port: values.PORT,
    host: values.HOST,
    private: { port: values.LIFEBOAT_PRIVATE_PORT, host: values.LIFEBOAT_PRIVATE_HOST },
    home: values.LIFEBOAT_HOME,
    estate: values.LIFEBOAT_ESTATE ?? EXAMPLE,
    exampleEstate: values.LIFEBOAT_ESTATE === undefined,
    realAccounts: [
      ...(values.SLACK_BOT_TOKEN && !isHere(values.SLACK_API_URL) ? ['SLACK_BOT_TOKEN'] : []),
      ...(isHere(values.PAGERDUTY_EVENTS_URL) ? [] : Object.keys(set).filter((name) => `${name}_`.startsWith(ROUTING))),
    ],
    anchorKeys,
    site: values.LIFEBOAT_SITE,
    speed: values.LIFEBOAT_SPEED,
    logLevel: values.LOG_LEVEL,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    slack: values.SLACK_BOT_TOKEN
      ? {
          botToken: values.SLACK_BOT_TOKEN,
          appToken: values.SLACK_APP_TOKEN,
          signingSecret: values.SLACK_SIGNING_SECRET,
          apiUrl: values.SLACK_API_URL,
        }
      : undefined,
    pagerduty: {
      routingKey: values.PAGERDUTY_ROUTING_KEY,
      routingKeys,
      eventsUrl: values.PAGERDUTY_EVENTS_URL,
      apiUrl: values.PAGERDUTY_API_URL,
      apiToken: values.PAGERDUTY_API_TOKEN,
      from: values.PAGERDUTY_FROM,
      webhookSecrets,
    },
    commandEnvironment: Object.fromEntries(
      Object.entries(inherited).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    stepSecrets: { variables: stepSecrets, directory: values.LIFEBOAT_SECRETS_DIR },
    secrets: [
      ...SECRET.flatMap((name) => values[name] ?? []),
      ...[...webhookSecrets, ...anchorKeys, ...Object.values(routingKeys), ...Object.values(stepSecrets)],
      ...WITH_PASSWORD.flatMap((name) => passwordsOf(values[name])),
    ],
    exposed: null,
  };
}

/** A database's password that is also its user's name or a word of its address would take harmless words out of texts. */
export function passwordsOf(address: string | undefined): string[] {
  if (address === undefined || !URL.canParse(address)) return [];
  const { username, password, host, pathname } = new URL(address);
  const words = [username, host, pathname.slice(1), 'postgres', 'redis', 'password'];
  return password === '' || words.includes(password) ? [] : [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
