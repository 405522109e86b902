import { setTimeout as pause } from 'node:timers/promises';
import { restore } from './backup.mjs';
import { faultIn, inUse, spoil } from './data.mjs';
import { halt, launch, readAddress } from './life.mjs';
import { locked } from './lock.mjs';
import { forget, readBreak, Refusal, writeBreak } from './place.mjs';
import { hangs, killProcess, processId, signal } from './process.mjs';

const BREAKS = ['kill', 'hang', 'slow', 'errors', 'refuse', 'corrupt'];

/** Breaks a service in one way; doing it again changes nothing. */
export function breakIt(place, how = '') {
  if (!BREAKS.includes(how)) throw new Refusal(`it cannot be broken by "${how}"; choose ${BREAKS.join(', ')}`);
  return locked(place, () => (how === 'corrupt' ? corrupt(place) : breakProcess(place, how)));
}

function corrupt(place) {
  const { service } = place;
  if (inUse(place) === undefined) throw new Refusal(`${service} has no data yet; start it first`);
  const fault = faultIn(place.current);
  if (fault) return console.log(`${service} has corrupt data already: ${fault.reason}`);
  console.log(`${service} has corrupt data now, in ${spoil(place)}`);
}

async function breakProcess(place, how) {
  const { service } = place;
  const pid = processId(place);
  if (how === 'kill') return kill(place, pid);
  if (pid === undefined) throw new Refusal(`${service} does not run; start it before it can be broken by ${how}`);
  if (hangs(pid)) {
    if (how === 'hang') return console.log(`${service} hangs already, process ${pid}`);
    throw new Refusal(`${service} hangs and hears nothing; mend it before it can be broken by ${how}`);
  }
  if (how === 'hang') signal(pid, 'SIGSTOP');
  else await tell(place, pid, how);
  console.log(`${service} is broken now by ${how}, process ${pid}`);
}

async function kill(place, pid) {
  // Written down first, as done on purpose: whoever finds it dead must not start it by itself.
  if (pid !== undefined) writeBreak(place, { how: 'kill', pid });
  if (pid !== undefined) await killProcess(place, pid);
  forget(place.pid);
  console.log(
    pid === undefined ? `${place.service} does not run` : `${place.service} is killed, it was process ${pid}`,
  );
}

/** Takes back whatever was broken: wakes, starts, and restores the newest backup. */
export function mend(place) {
  return locked(place, async () => {
    const address = readAddress(place);
    const pid = processId(place);
    if (pid !== undefined && hangs(pid)) signal(pid, 'SIGCONT');
    if (inUse(place) !== undefined && faultIn(place.current)) await restore(place);
    const order = readBreak(place);
    if (pid === undefined) await launch(place, address);
    else if (order?.pid === pid && order.how !== 'none') await wholeAgain(place, pid, address);
    forget(place.broken);
    console.log(`${place.service} is mended`);
  });
}

async function wholeAgain(place, pid, address) {
  try {
    await tell(place, pid, 'none');
  } catch {
    await halt(place);
    await launch(place, address);
  }
}

/** Tells the process how to behave and waits until it has heard. */
async function tell(place, pid, how) {
  writeBreak(place, { how, pid, done: false });
  signal(pid, 'SIGUSR2');
  for (let tries = 0; tries < 150; tries += 1) {
    if (readBreak(place)?.done) return;
    await pause(20);
  }
  forget(place.broken);
  throw new Refusal(`${place.service}, process ${pid}, does not listen; restart it`);
}
