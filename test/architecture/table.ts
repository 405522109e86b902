/*
 * Who may import whom. A room is a folder; a file at the top of src/ or in src/runtime is a room of its own. CONTRIBUTING.md shows the
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
  templates: ['domain', 'ports', 'errors', 'redact', 'paths'],
  jobs: ['domain', 'ports', 'postgres', 'verbs', 'store', 'templates', 'errors', 'redact'],
  commands: ['domain', 'ports', 'postgres', 'verbs', 'store', 'templates', 'errors'],
  web: ['domain', 'ports', 'postgres', 'verbs', 'store', 'templates', 'errors', 'listen', 'log'],
  sandbox: ['domain', 'ports', 'errors', 'log', 'redact', 'paths', 'shutdown', 'listen'],
  errors: [],
  deadline: [],
  redact: [],
  paths: [],
  log: ['redact'],
  shutdown: ['log'],
  listen: ['errors'],
  config: ['errors'],
  'estate-holder': ['domain', 'estate', 'errors', 'log'],
  database: ['config', 'errors', 'log', 'sandbox'],
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
    ...['web', 'errors', 'log', 'shutdown', 'config', 'estate-holder', 'database', 'sandbox'],
  ],
  'sandbox-mode': [
    ...['domain', 'commands', 'config', 'database', 'errors', 'estate-holder', 'log', 'shutdown', 'sandbox'],
  ],
  cli: ['config', 'errors', 'estate', 'log', 'main', 'sandbox-mode'],
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
    load: ['src/postgres/', 'src/store/', 'src/outbox/', 'src/sandbox/postgres/'],
    type: ['src/verbs/', 'src/web/', 'src/main.ts', 'commands/', 'jobs/'],
  },
  hono: { load: ['src/web/'] },
  '@hono/node-server': { load: ['src/web/'] },
  'prom-client': { load: ['src/web/'] },
  undici: { load: ['src/actions/', 'src/adapters/'] },
  ws: { load: ['src/sandbox/'] },
  'smtp-server': { load: ['src/sandbox/'] },
  'postal-mime': { load: ['src/sandbox/'] },
  nodemailer: { load: ['src/sandbox/'] },
  preact: { load: ['src/sandbox/client/'] },
  yaml: { load: ['src/estate/', 'templates/'] },
  liquidjs: { load: ['templates/'] },
  commander: { load: ['src/cli.ts'] },
  pino: { load: ['src/runtime/log.ts'] },
  zod: {
    load: [
      ...[
        'src/runtime/config.ts',
        'src/domain/schema/',
        'src/domain/actions/',
        'src/estate/',
        'src/actions/',
        'src/adapters/',
        'src/web/',
        'src/sandbox/page/',
        'src/sandbox/kept-world.ts',
      ],
      ...['commands/', 'jobs/', 'templates/'],
    ],
  },
};

/** The room in which a module stands. */
export function roomOf(path: string): string {
  const [top = '', second = '', third = ''] = path.split('/');
  if (top !== 'src') return top;
  return (second === 'runtime' ? third : second).replace(/\.ts$/, '');
}
