/*
 * Who may import whom. A room is a folder or a package; a file at the top of src/ or in src/runtime is a room of its own. CONTRIBUTING.md shows the
 * same table to people.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  domain: ['errors'],
  ports: ['domain'],
  estate: ['domain', 'errors'],
  postgres: ['errors'],
  outbox: ['domain', 'ports', 'postgres', 'store', 'deadline', 'errors', 'log'],
  store: ['domain', 'postgres', 'outbox', 'errors', 'paths'],
  verbs: ['domain', 'postgres', 'outbox', 'store', 'deadline', 'errors'],
  adapters: ['domain', 'ports', 'errors', 'log'],
  actions: ['domain', 'ports', 'errors', 'log'],
  /** The adapters of drills: nothing here can reach the outside, and who builds the jobs of drills knows no others. */
  recorders: ['domain', 'ports'],
  schedules: ['domain', 'ports'],
  'drill-jobs': ['domain', 'ports', 'store', 'jobs', 'recorders'],
  templates: ['domain', 'ports', 'errors', 'redact', 'paths'],
  jobs: ['domain', 'ports', 'postgres', 'verbs', 'store', 'templates', 'errors', 'redact', 'schedules'],
  commands: ['domain', 'ports', 'postgres', 'verbs', 'store', 'templates', 'errors'],
  web: ['domain', 'ports', 'postgres', 'verbs', 'store', 'templates', 'errors', 'listen', 'log'],
  errors: [],
  deadline: [],
  redact: [],
  paths: [],
  log: ['redact'],
  secrets: ['errors'],
  shutdown: ['log'],
  listen: ['errors'],
  disk: ['errors'],
  'seal-keys': ['errors'],
  'initial-environment': [],
  config: ['errors', 'initial-environment'],
  'seal-timelines': ['domain', 'store', 'log', 'seal-keys'],
  'estate-holder': ['domain', 'estate', 'errors'],
  'shared-estate': ['domain', 'postgres', 'estate', 'store', 'verbs', 'errors', 'log', 'estate-holder'],
  database: ['config', 'errors', 'log', 'embedded-postgres'],
  main: [
    ...[
      'domain',
      'ports',
      'postgres',
      'store',
      'verbs',
      'outbox',
      'adapters',
      'actions',
      'templates',
      'jobs',
      'commands',
    ],
    ...[
      'web',
      'disk',
      'errors',
      'log',
      'redact',
      'shutdown',
      'secrets',
      'seal-timelines',
      'config',
      'estate-holder',
      'shared-estate',
      'database',
      'drill-jobs',
      'schedules',
    ],
  ],
  /** What `lifeboat doctor` looks at: through adapters and actions, never through verbs. */
  doctor: ['domain', 'ports', 'estate', 'store', 'adapters', 'actions', 'config', 'errors'],
  init: ['domain', 'estate', 'errors'],
  installation: ['commands', 'config', 'database', 'domain', 'estate-holder', 'log', 'shutdown'],
  serve: ['config', 'errors', 'log', 'main'],
  'command-line': ['config', 'doctor', 'errors', 'estate', 'init', 'installation', 'log', 'secrets', 'serve'],
  cli: ['command-line'],
  'embedded-postgres': [],
  'stand-ins': [],
  sandbox: ['embedded-postgres', 'stand-ins', 'command-line'],
};

/** What the packages may name of Lifeboat besides, as types alone: nothing of it is loaded with them. */
export const TYPES: Readonly<Record<string, readonly string[]>> = {
  'stand-ins': ['domain'],
  sandbox: ['domain', 'config', 'installation', 'log', 'shutdown'],
};

/** Packages that only some places may know; `type` says who may name their types without loading them. */
export const PACKAGES: Readonly<Record<string, { load: readonly string[]; type?: readonly string[] }>> = {
  '@slack/bolt': { load: ['src/web/slack/'] },
  '@slack/web-api': { load: ['src/adapters/slack/', 'src/web/slack/'] },
  '@slack/types': { load: [], type: ['src/ports/', 'src/adapters/slack/', 'templates/'] },
  'node-pagerduty': { load: ['src/adapters/pagerduty/'] },
  bullmq: { load: ['src/outbox/'] },
  ioredis: { load: ['src/outbox/'] },
  pg: {
    load: ['src/postgres/', 'src/store/', 'src/outbox/', 'packages/embedded-postgres/'],
    type: [
      'src/verbs/',
      'src/web/',
      'src/main.ts',
      'src/seal-timelines.ts',
      'src/shared-estate.ts',
      'commands/',
      'jobs/',
    ],
  },
  hono: { load: ['src/web/'] },
  '@hono/node-server': { load: ['src/web/'] },
  'prom-client': { load: ['src/web/'] },
  undici: { load: ['src/actions/', 'src/adapters/'] },
  ws: { load: ['packages/stand-ins/'] },
  'smtp-server': { load: ['packages/stand-ins/'] },
  'postal-mime': { load: ['packages/stand-ins/'] },
  nodemailer: { load: ['packages/stand-ins/'] },
  preact: { load: ['packages/sandbox/src/client/'] },
  yaml: { load: ['src/estate/', 'templates/', 'packages/sandbox/src/estate/'] },
  liquidjs: { load: ['templates/'] },
  commander: { load: ['src/command-line.ts'] },
  pino: { load: ['src/runtime/log.ts'] },
  '@actions/expressions': { load: ['src/domain/plan/'] },
  semver: { load: ['src/domain/plan/'] },
  zod: {
    load: [
      ...[
        'src/runtime/config.ts',
        'src/domain/schema/',
        'src/domain/actions/',
        'src/domain/effect/',
        'src/estate/',
        'src/actions/',
        'src/adapters/',
        'src/web/',
        'packages/sandbox/src/page/',
        'packages/sandbox/src/kept-world.ts',
      ],
      ...['commands/', 'jobs/', 'templates/'],
    ],
  },
};

/** Packages that only compute: no clock, no chance, nothing to wait for. The domain may load what PACKAGES allows it of these. */
export const PURE: readonly string[] = ['node:crypto', '@actions/expressions', 'semver'];

/** The room in which a module stands. */
export function roomOf(path: string): string {
  const [top = '', second = '', third = ''] = path.split('/');
  if (top === 'packages') return second;
  if (top !== 'src') return top;
  return (second === 'runtime' ? third : second).replace(/\.ts$/, '');
}
