import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../../src/runtime/config.ts';
import { loadEstate } from '../../src/estate/load.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const COMPOSE = z.object({
  services: z.record(
    z.string(),
    z
      .object({
        image: z.string(),
        command: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.string()).optional(),
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

describe('docker-compose.yml', () => {
  it('starts a bot and a worker for each of two sites that the estate has', async () => {
    const loaded = await loadEstate(join(ROOT, 'examples/erlmcp/estate.yaml'));
    const sites = loaded.ok ? Object.keys(loaded.estate.sites) : [];
    expect(ours.map(([, { command }]) => command?.[0])).toEqual(['bot', 'worker', 'worker']);
    const [first = '', second = ''] = ours.slice(1).map(([, { command }]) => command?.[2]);
    expect(sites).toEqual(expect.arrayContaining([first, second]));
    expect(first).not.toBe(second);
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
    const known = read('src/runtime/config.ts');
    const names = ours.flatMap(([, { environment }]) => Object.keys(environment ?? {}));
    expect(names.filter((name) => !known.includes(`  ${name}: `))).toEqual([]);
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

  it('never sees the stand-ins and the sandbox', () => {
    expect(
      lines.filter((line) => /stand-ins|sandbox|packages *\.|packages\/ /.test(line) && !line.startsWith('#')),
    ).toEqual([]);
    expect(read('.dockerignore')).not.toMatch(/^!packages\/?$|stand-ins|sandbox/m);
  });
});
