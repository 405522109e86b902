// One service of erlmcp: `ctl.mjs start` runs it as `serve.mjs SITE SERVICE HOST PORT HOME`, and it goes on by itself.
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { answerOf } from './lib/answers.mjs';
import { createHealth } from './lib/health.mjs';
import { placeOf, readBreak, writeBreak, writeWhole } from './lib/place.mjs';

const [site, service, host, port, home] = process.argv.slice(2);
const place = placeOf(home, site, service);
const health = createHealth(place);
const say = (text) => console.log(`${new Date().toISOString()} ${service} ${text}`);
const HEALTH = ['/health', ...({ authentication: ['/auth/health'], 'api-gateway': ['/api/health'] }[service] ?? [])];
const SLOW_MS = 3000;
/** A process that was killed keeps its port for a moment: so long the next one waits for it, in ms. */
const PORT_MS = 3000;
let broken = 'none';
let lastHealth = '';

const server = createServer((request, response) => {
  const begun = performance.now();
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  answer(request, pathname, begun)
    .catch((error) => [500, { status: 'failed', reason: error.message }])
    .then(([code, body]) => {
      note(request, pathname, code, body);
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
});

// Before anything else: a signal that nobody listens to would end the process.
process.on('SIGUSR2', obey);
process.once('SIGTERM', () => {
  say('stops');
  process.exit(0);
});
server.once('listening', () => {
  // The process itself writes down that it runs: whoever started it may be gone by now.
  writeWhole(place.address, `${host}:${port}\n`);
  writeWhole(place.pid, String(process.pid));
  say(`listens on ${host}:${port}`);
});
listen(performance.now() + PORT_MS);
// Without its listener nothing else would keep the process alive.
setInterval(() => undefined, 1 << 30);

async function answer(request, pathname, begun) {
  if (broken === 'slow') await pause(SLOW_MS);
  if (broken === 'errors') return [500, { status: 'failed', reason: 'internal error' }];
  if (pathname === '/alive') return health.own();
  if (HEALTH.includes(pathname)) return health.whole(begun);
  return answerOf(place, request, pathname);
}

/** Health is asked all the time: it is worth a line only when it changes. */
function note({ method }, pathname, code, body) {
  if (pathname === '/alive') return;
  const words = `${code}${body.reason ? ` ${body.reason}` : ''}`;
  if (!HEALTH.includes(pathname)) return say(`${method} ${pathname} ${words}`);
  if (words !== lastHealth) say(`health ${words}`);
  lastHealth = words;
}

/** Takes the port as soon as it is free; ends the process when it is not until `deadline`. */
function listen(deadline) {
  const failed = (error) => {
    if (error.code === 'EADDRINUSE' && performance.now() < deadline) return setTimeout(() => listen(deadline), 50);
    console.error(error.message);
    process.exit(1);
  };
  server.once('error', failed);
  server.listen(Number(port), host, () => server.off('error', failed));
}

/** Begins or ends to misbehave, as `ctl.mjs break` and `mend` wrote it down for this very process. */
function obey() {
  const order = readBreak(place);
  if (order?.pid !== process.pid || order.done) return;
  const before = broken;
  broken = order.how;
  if (broken === 'refuse' && before !== 'refuse') {
    server.close();
    server.closeAllConnections();
  }
  if (before === 'refuse' && broken !== 'refuse') server.listen(Number(port), host, done);
  else done();

  function done() {
    writeBreak(place, { ...order, done: true });
    say(broken === 'none' ? 'is whole again' : `misbehaves from now on: ${broken}`);
  }
}
