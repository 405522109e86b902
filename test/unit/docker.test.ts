import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig, VARIABLES } from '../../src/runtime/config.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const COMPOSE = z.object({
  services: z.record(
    z.string(),
    z
      .object({
        image: z.string(),
        command: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.union([z.string(), z.number().transform(String)])).optional(),
        env_file: z.array(z.object({ path: z.string(), required: z.literal(false) })).default([]),
        ports: z.array(z.string()).default([]),
        volumes: z.array(z.string()).default([]),
        depends_on: z.record(z.string(), z.object({ condition: z.literal('service_healthy') })).default({}),
        healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      })
      .loose(),
  ),
  volumes: z.record(z.string(), z.null()),
});

const compose = COMPOSE.parse(parse(read('docker-compose.yml'), { merge: true }));
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'lifeboat');

/** What Compose makes of `${NAME:-default}` and `${NAME:?message}`. */
const interpolate = (text: string, env: Record<string, string>): string =>
  text.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind: string | undefined, rest: string) => {
    const value = env[name] ?? '';
    if (value === '' && kind === '?') throw new Error(`${name}: ${rest}`);
    return value === '' && kind === '-' ? rest : value;
  });

const environmentOf = (service: string, env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(compose.services[service]?.environment ?? {}).map(([name, value]) => [
      name,
      interpolate(value, env),
    ]),
  );

const SET = {
  POSTGRES_PASSWORD: 'secret',
  LIFEBOAT_ANCHOR_KEY: 'k'.repeat(32),
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
};

/** What the image or Docker sets, and nobody else should. */
const OF_THE_IMAGE = ['PATH', 'HOME', 'LANG'];

describe('docker-compose.yml', () => {
  it('starts a bot and two workers, each for the site that is named, or for all', () => {
    expect(ours.map(([, { command }]) => command)).toEqual([['bot'], ['worker'], ['worker']]);
    const site = (name: string, env: Record<string, string> = {}) =>
      readConfig(environmentOf(name, { ...SET, ...env })).site;
    expect([site('worker-1'), site('worker-2')]).toEqual([undefined, undefined]);
    const named = { LIFEBOAT_SITE_1: 'east', LIFEBOAT_SITE_2: 'west' };
    expect([site('worker-1', named), site('worker-2', named)]).toEqual(['east', 'west']);
  });

  it('passes every variable that the configuration knows to who reads it', () => {
    const given = new Set(ours.flatMap(([, { environment }]) => Object.keys(environment ?? {})));
    expect(VARIABLES.length).toBeGreaterThan(25);
    expect(VARIABLES.filter((name) => !given.has(name) && !OF_THE_IMAGE.includes(name))).toEqual([]);
    const bot = compose.services['bot']?.environment ?? {};
    expect(VARIABLES.filter((name) => /^(SLACK|PAGERDUTY)_/.test(name) && !(name in bot))).toEqual([]);
    const eu = { PAGERDUTY_EVENTS_URL: 'https://events.eu.pagerduty.com/v2', PAGERDUTY_API_URL: 'https://api.eu.x' };
    expect(readConfig(environmentOf('bot', { ...SET, ...eu })).pagerduty).toMatchObject({
      eventsUrl: eu.PAGERDUTY_EVENTS_URL,
      apiUrl: eu.PAGERDUTY_API_URL,
    });
  });

  it('passes the variables whose names are people’s own: routing keys to the bot, secrets to the workers', () => {
    const files = ours.map(([, { env_file }]) => env_file.map(({ path }) => path).join());
    expect(files).toEqual(['.env', 'worker.env', 'worker.env']);
    expect(read('.gitignore')).toMatch(/^\.env$/m);
    expect(read('.gitignore')).toMatch(/^worker\.env$/m);
  });

  it('is reached from this machine alone unless it is told otherwise', () => {
    const ports = ours.flatMap(([, each]) => each.ports);
    expect(ports.map((port) => interpolate(port, {}))).toEqual(['127.0.0.1:3000:3000']);
    expect(ports.map((port) => interpolate(port, { LIFEBOAT_PUBLISH: '0.0.0.0:80' }))).toEqual(['0.0.0.0:80:3000']);
  });

  it('runs an estate of yours, and never the example', () => {
    for (const [name, { volumes }] of ours) {
      expect(volumes.map((volume) => interpolate(volume, {}))).toEqual(['./estate:/etc/lifeboat:ro']);
      const config = readConfig(environmentOf(name, SET));
      expect([config.estate, config.exampleEstate]).toEqual(['/etc/lifeboat/estate.yaml', false]);
    }
  });

  it('gives each of them a configuration that Lifeboat accepts', () => {
    for (const [name] of ours) {
      const config = readConfig(environmentOf(name, SET));
      expect(config.databaseUrl).toBe('postgres://lifeboat:secret@postgres/lifeboat');
      expect(config.redisUrl).toBe('redis://redis:6379');
      expect(config.slack?.appToken).toBe(name === 'bot' ? 'xapp-1' : undefined);
    }
  });

  it('says what is missing before it starts anything', () => {
    expect(() => environmentOf('bot', { ...SET, SLACK_BOT_TOKEN: '' })).toThrow('set it in .env');
    expect(() => environmentOf('postgres', { ...SET, POSTGRES_PASSWORD: '' })).toThrow('set it in .env');
  });

  it('sets only variables that the configuration knows', () => {
    const names = ours.flatMap(([, { environment }]) => Object.keys(environment ?? {}));
    expect(names.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  it('keeps what PostgreSQL and Redis hold, and waits until both answer', () => {
    for (const name of ['postgres', 'redis']) {
      const service = compose.services[name];
      const [volume = ''] = (service?.volumes[0] ?? '').split(':');
      expect(Object.keys(compose.volumes)).toContain(volume);
      expect(service?.healthcheck).toBeDefined();
      for (const [, each] of ours) expect(each.depends_on).toHaveProperty(name);
    }
    expect(compose.services['redis']?.command?.join(' ')).toContain('--appendonly yes --maxmemory-policy noeviction');
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', '').split('\n');

  it('copies only what .dockerignore lets into the build', () => {
    const allowed =
      read('.dockerignore')
        .match(/^!.+$/gm)
        ?.map((line) => line.slice(1)) ?? [];
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !allowed.some((each) => path === each || path.startsWith(`${each}/`)))).toEqual([]);
  });

  it('never leaves out optional packages, and ends as a named user', () => {
    const text = lines.filter((line) => !line.startsWith('#')).join('\n');
    expect(text).not.toContain('--omit');
    expect(/^USER (\w+)$/m.exec(text.slice(text.lastIndexOf('FROM ')))?.[1]).toBe('lifeboat');
  });

  it('stands on Node 24 from the first to the last stage', () => {
    const images = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);
    expect(images).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
  });

  it('never sees the stand-ins and the sandbox', () => {
    expect(
      lines.filter((line) => /stand-ins|sandbox|packages *\.|packages\/ /.test(line) && !line.startsWith('#')),
    ).toEqual([]);
    expect(read('.dockerignore')).not.toMatch(/^!packages\/?$|stand-ins|sandbox/m);
  });
});
