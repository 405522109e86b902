import ts from 'typescript';
import { expect, test } from 'vitest';
import { ROOT } from '../../src/runtime/paths.ts';
import { nodesOf, readModules, type Module } from './modules.ts';

const modules = new Map(readModules(ROOT).map((each) => [each.path, each]));

/** Every module that runs when `start` is loaded, whatever loads it. */
function loadedBy(start: string): Module[] {
  const found = new Map<string, Module>();
  const next = [start];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    const module = modules.get(path);
    if (!module || found.has(path)) continue;
    found.set(path, module);
    next.push(...module.imports.filter(({ ours, typeOnly }) => ours && !typeOnly).map(({ target }) => target));
  }
  return [...found.values()];
}

/** Names that a module calls without importing them. */
const callsOf = ({ tree }: Module): string[] =>
  [...nodesOf(tree)].flatMap((node) =>
    (ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isIdentifier(node.expression)
      ? node.expression.text
      : [],
  );

/** What could carry something out of the house, but for the driver of the database. */
const WAYS_OUT = [
  ...['@slack/web-api', '@slack/bolt', 'node-pagerduty', 'undici', 'bullmq', 'ioredis', 'nodemailer', 'ws'],
  ...['node:net', 'node:http', 'node:https', 'node:http2', 'node:tls', 'node:dgram', 'node:dns', 'node:child_process'],
];
const CALLS_OUT = ['fetch', 'WebSocket', 'EventSource'];

/** The ways out of what a module loads, each with the module that has it. */
const waysOutOf = (start: string): string[] =>
  loadedBy(start).flatMap((module) => [
    ...module.imports.flatMap(({ target, typeOnly }) =>
      !typeOnly && WAYS_OUT.includes(target) ? `${module.path}: ${target}` : [],
    ),
    ...callsOf(module).flatMap((name) => (CALLS_OUT.includes(name) ? `${module.path}: ${name}` : [])),
    ...(/^src\/(adapters|actions)\//.test(module.path) ? [module.path] : []),
  ]);

test('nothing that the jobs of drills load has a way out of the house', () => {
  const loaded = loadedBy('src/drill-jobs.ts').map(({ path }) => path);
  for (const path of ['jobs/pager-send.ts', 'src/recorders/recorder-chat.ts', 'src/store/persist.ts'])
    expect(loaded).toContain(path);
  expect(waysOutOf('src/drill-jobs.ts')).toEqual([]);
});

test('the search finds the ways out of the real adapters', () => {
  expect(waysOutOf('src/adapters/slack/chat.ts').join()).toContain('@slack/web-api');
  expect(waysOutOf('src/adapters/pagerduty/create-pagerduty.ts').join()).toMatch(/fetch|undici/);
});
