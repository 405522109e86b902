import { spawn } from 'node:child_process';
import { openSync, renameSync, statSync, writeFileSync, closeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ask } from './ask.mjs';
import { archivesOf, backup } from './backup.mjs';
import { faultIn, inUse, seed } from './data.mjs';
import { locked } from './lock.mjs';
import { addressOf, forget, readBreak, readOr, Refusal, writeWhole } from './place.mjs';
import { endProcess, hangs, processId, signal } from './process.mjs';

const SERVE = fileURLToPath(new URL('../serve.mjs', import.meta.url));
/** A service needs some 5 MB; these keep eight of them small. */
const SMALL = ['--max-old-space-size=32', '--max-semi-space-size=1'];
const START_MS = 10_000;
const LOG_BYTES = 1_000_000;

/** Starts a service and waits until it answers; one that runs already is left alone. */
export const start = (place, host, port) => locked(place, () => launch(place, readAddress(place, host, port)));

export const stop = (place) => locked(place, () => halt(place));

export function restart(place, host, port) {
  return locked(place, async () => {
    const address = readAddress(place, host, port);
    await halt(place);
    await launch(place, address);
  });
}

export async function launch(place, address) {
  const { service } = place;
  const where = `${address.host}:${address.port}`;
  const running = processId(place) ?? (await unrecorded(place, address));
  if (running !== undefined) {
    const now = addressOf(place);
    if (`${now?.host}:${now?.port}` !== where)
      throw new Refusal(`${service} runs on ${now?.host}:${now?.port}; stop it before it starts on ${where}`);
    const { failure } = await ask(address, '/alive');
    return console.log(`${service} runs already${failure ? ` but ${failure}` : ''}, process ${running}`);
  }
  seed(place, archivesOf(place.backups).length > 0);
  if (archivesOf(place.backups).length === 0 && !faultIn(place.current)) await backup(place);
  const child = await spawnService(place, address);
  forget(place.broken);
  console.log(`${service} runs on ${where}, process ${child.pid}`);
}

export async function halt(place) {
  const { service } = place;
  const pid = processId(place);
  if (pid !== undefined) await endProcess(place, pid);
  // Without a process id it counts as stopped on purpose.
  forget(place.pid);
  forget(place.broken);
  console.log(pid === undefined ? `${service} does not run` : `${service} is stopped, it was process ${pid}`);
}

/** Starts what nobody stopped or killed on purpose, or, with `always`, that too; says as JSON how it is then. */
export function resume(place, host, port, how = '') {
  return locked(place, async () => {
    const address = readAddress(place, host, port);
    const { running, known, stopped, broken } = stateOf(place);
    const resting = known && (stopped || broken === 'kill') && how !== 'always';
    if (!running && !resting) await launch(place, address);
    status(place, 'json');
  });
}

/** Says whether it runs, for people or, when asked for `json`, for programs. */
export function status(place, form = '') {
  const state = stateOf(place);
  if (form === 'json') return console.log(JSON.stringify(state));
  const ended = state.known && !state.stopped ? '; its process ended by itself' : '';
  const words = state.running ? `runs, process ${state.pid}` : `does not run${ended}`;
  console.log(`${place.service} ${words}`);
}

function stateOf(place) {
  const pid = processId(place);
  const known = addressOf(place) !== undefined;
  // A process id that is left over tells of a process that ended by itself.
  const stopped = pid === undefined && readOr(place.pid, '') === '';
  const { port = null } = addressOf(place) ?? {};
  return { running: pid !== undefined, pid: pid ?? null, port, known, stopped, broken: breakOf(place, pid) };
}

/** How a service is broken now, by whomever. */
function breakOf(place, pid) {
  const order = readBreak(place);
  if (pid === undefined && order?.how === 'kill') return 'kill';
  if (pid !== undefined && hangs(pid)) return 'hang';
  if (pid !== undefined && order?.pid === pid && ['slow', 'errors', 'refuse'].includes(order.how)) return order.how;
  return inUse(place) !== undefined && faultIn(place.current) ? 'corrupt' : null;
}

export function logs(place, lines = '50') {
  console.log(lastLines(place, Number(lines)));
}

/** Begins something of the service from empty: its cache, routes, limits, sessions or index. */
export function reset(place, what = '') {
  if (!['cache', 'routes', 'limits', 'sessions', 'index'].includes(what))
    throw new Refusal(`there is nothing called "${what}" to reset`);
  writeFileSync(place.file(what), `${new Date().toISOString()}\n`);
  console.log(`${place.service}: ${what} begins from empty`);
}

export function readAddress(place, host, port) {
  if (host !== undefined && /^\d+$/.test(port ?? '')) return { host, port: Number(port) };
  const known = host === undefined ? addressOf(place) : undefined;
  if (!known) throw new Refusal(`where ${place.service} should listen is not known; give HOST and PORT`);
  return known;
}

/** A process of ours whose id was lost; it is written down again. */
async function unrecorded(place, address) {
  const { body } = await ask(address, '/alive', 2000);
  const ours = ['service', 'site', 'estate'].every((key) => body?.[key] === place[key]);
  if (!ours) return undefined;
  writeWhole(place.pid, String(body.pid));
  return processId(place);
}

async function spawnService(place, address) {
  const { site, service, home } = place;
  if ((statSync(place.log, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(place.log, `${place.log}.1`);
  const log = openSync(place.log, 'a');
  // Nothing of our own environment but PATH: Lifeboat ends what a lost worker left, and knows it by its environment.
  const child = spawn(process.execPath, [...SMALL, SERVE, site, service, address.host, String(address.port), home], {
    ...{ detached: true, stdio: ['ignore', log, log], env: { PATH: process.env.PATH ?? '' } },
  });
  closeSync(log);
  child.unref();
  const ended = new Promise((resolve) => child.once('exit', (code, by) => resolve({ ended: code ?? by })));
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const { body, ended: how } = await Promise.race([ended, ask(address, '/alive')]);
    if (how !== undefined) throw new Refusal(`${service} ended at once with ${how}: ${lastLines(place, 3)}`);
    if (body?.pid === child.pid) return child;
    await Promise.race([ended, pause(15)]);
  }
  signal(child.pid, 'SIGKILL');
  throw new Refusal(`${service} did not answer within ${START_MS / 1000} s: ${lastLines(place, 3)}`);
}

function lastLines(place, count) {
  return readOr(place.log, 'no log yet').trimEnd().split('\n').slice(-count).join('\n');
}
