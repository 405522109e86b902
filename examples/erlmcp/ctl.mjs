#!/usr/bin/env node
// Starts and stops erlmcp's services on this machine, as real processes that can be killed. Each is a small HTTP server.
//   ctl.mjs start SITE SERVICE HOST PORT | stop SITE SERVICE | status SITE SERVICE | logs SITE SERVICE LINES
//   ctl.mjs reset SITE SERVICE WHAT
// Process ids and logs are kept in ERLMCP_HOME (.lifeboat/erlmcp), a folder for each site. Start and stop may be repeated.
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

const [verb = '', site = '', service = '', ...rest] = process.argv.slice(2);
const home = join(process.env.ERLMCP_HOME ?? '.lifeboat/erlmcp', site);
const file = (kind) => join(home, `${service}.${kind}`);

const VERBS = { start, stop, status, logs, reset, serve };
if (!Object.hasOwn(VERBS, verb) || ![site, service].every((name) => /^[a-z][a-z0-9-]*$/.test(name))) {
  console.error('usage: ctl.mjs start|stop|status|logs|reset SITE SERVICE [HOST PORT | LINES | WHAT]');
  process.exit(64);
}
mkdirSync(home, { recursive: true });
await VERBS[verb](...rest);

async function start(host, port) {
  const found = await health(host, port);
  if (found?.service === service) {
    writeFileSync(file('pid'), String(found.pid));
    return console.log(`${service} runs already, process ${found.pid}`);
  }
  const log = openSync(file('log'), 'a');
  const args = [fileURLToPath(import.meta.url), 'serve', site, service, host, port];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log] });
  child.unref();
  writeFileSync(file('pid'), String(child.pid));
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve({ code: code ?? 1 })));
  for (;;) {
    const now = await Promise.race([ended, health(host, port).then((answer) => answer ?? pause(50))]);
    if (now?.pid === child.pid) break;
    if (now?.code !== undefined) fail(`${service} ended at once with ${now.code}: ${lastLines(3)}`);
  }
  console.log(`${service} runs on ${host}:${port}, process ${child.pid}`);
}

async function stop() {
  const pid = processId();
  if (pid === undefined) return console.log(`${service} does not run`);
  process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 100 && processId() !== undefined; tries += 1) await pause(50);
  if (processId() !== undefined) process.kill(pid, 'SIGKILL');
  while (processId() !== undefined) await pause(50);
  rmSync(file('pid'), { force: true });
  console.log(`${service} is stopped, it was process ${pid}`);
}

function status() {
  const pid = processId();
  console.log(pid === undefined ? `${service} does not run` : `${service} runs, process ${pid}`);
}

function logs(lines = '50') {
  console.log(lastLines(Number(lines)));
}

/** Begins something of the service from empty: its cache, routes, limits, sessions or index. */
function reset(what = '') {
  if (!/^[a-z]+$/.test(what)) fail(`there is nothing called "${what}" to reset`);
  writeFileSync(file(what), `${new Date().toISOString()}\n`);
  console.log(`${service}: ${what} begins from empty`);
}

function serve(host, port) {
  const say = (text) => console.log(`${new Date().toISOString()} ${service} ${text}`);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [code, body] = answer(request, pathname);
    say(`${request.method} ${pathname} ${code}`);
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.on('error', (error) => fail(error.message));
  server.listen(Number(port), host, () => say(`listens on ${host}:${port}`));
  process.once('SIGTERM', () => {
    say('stops');
    process.exit(0);
  });
}

function answer(request, pathname) {
  if (pathname.endsWith('/health')) return [200, { status: 'ok', service, pid: process.pid }];
  if (service === 'authentication' && pathname === '/auth/security') {
    return [200, { certificates: true, rate_limits: true, policies: true }];
  }
  if (service === 'authentication' && pathname === '/auth/verify') {
    return request.headers.authorization?.startsWith('Bearer ') ? [200, { valid: true }] : [401, { valid: false }];
  }
  const open = ['/api/auth/verify', '/api/tools/list', '/api/resources/subscribe'];
  if (service === 'api-gateway' && open.includes(pathname)) return [200, { status: 'ok' }];
  return [404, { error: 'not found' }];
}

async function health(host, port) {
  const limit = new AbortController();
  // A timer that keeps the process alive, unlike AbortSignal.timeout: an answer that never comes must not end it.
  const timer = setTimeout(() => limit.abort(), 2000);
  try {
    return await (await fetch(`http://${host}:${port}/health`, { signal: limit.signal })).json();
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** The process that was started, if it still runs; the id of a process of somebody else does not count. */
function processId() {
  try {
    const pid = Number(readFileSync(file('pid'), 'utf8'));
    process.kill(pid, 0);
    return commandOf(pid).includes(`serve ${site} ${service}`) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Where there is no /proc the id alone has to do. */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (error) {
    if (process.platform === 'linux') throw error;
    return `serve ${site} ${service}`;
  }
}

function lastLines(count) {
  try {
    return readFileSync(file('log'), 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return 'no log yet';
  }
}

function fail(reason) {
  appendFileSync(file('log'), `${reason}\n`);
  console.error(reason);
  process.exit(1);
}
