import { NEEDS } from '../needs.mjs';
import { ask } from './ask.mjs';
import { faultIn, filesIn } from './data.mjs';
import { addressOf, placeOf } from './place.mjs';

/** How long an answer of a need is believed, in ms: many may ask, and each asks once or twice a second. */
const BELIEVED_MS = 500;
/** An answer that takes longer is no good health, whatever it says. */
const SLOW_MS = 1000;

/** Says how a service is: its own data, and whether those that it needs answer. Only its direct needs are asked. */
export function createHealth(place) {
  const needs = NEEDS[place.service] ?? [];
  let believed = { at: 0, answers: undefined };
  return { own, whole };

  /** Itself alone, which costs next to nothing; this is what others ask. */
  function own() {
    const fault = faultIn(place.current);
    const who = { service: place.service, site: place.site, estate: place.estate, pid: process.pid };
    if (!fault) return [200, { status: 'ok', ...who, data: { files: filesIn(place.current).length - 1 } }];
    const reason = `its data is corrupt: ${fault.reason}; restore it from a backup`;
    return [503, { status: 'corrupt', reason, file: fault.file, ...who }];
  }

  /** Itself and its needs; `begun` is when the question came, by performance.now(). */
  async function whole(begun) {
    const answers = needs.length === 0 ? [] : await askNeeds();
    const [code, body] = own();
    const bad = answers.filter(({ fault }) => fault);
    const fields = { ...body, needs: Object.fromEntries(answers.map(({ need, fault }) => [need, !fault])) };
    if (code !== 200) return [code, fields];
    const took = performance.now() - begun;
    const reasons = bad.map(({ need, fault }) => `${need}, which ${fault}`);
    if (bad.length > 0) return degraded(fields, `needs ${reasons.join('; and ')}`);
    if (took > SLOW_MS) return degraded(fields, `answers take ${(took / 1000).toFixed(1)} s`);
    return [200, fields];
  }

  function askNeeds() {
    const now = performance.now();
    // The promise is kept, not the answer: those who ask at once share one question.
    if (believed.answers === undefined || now - believed.at > BELIEVED_MS) {
      believed = { at: now, answers: Promise.all(needs.map(askNeed)) };
    }
    return believed.answers;
  }

  async function askNeed(need) {
    const address = addressOf(placeOf(place.home, place.site, need));
    if (!address) return { need, fault: 'was never started here' };
    const { code, body, failure } = await ask(address, '/alive', SLOW_MS);
    if (failure) return { need, fault: failure };
    if (code === 200 && body?.service === need) return { need };
    return { need, fault: body?.reason ? `says: ${body.reason}` : `answers with ${code}` };
  }
}

function degraded(fields, reason) {
  // The words come first: whoever cuts an answer short keeps them.
  return [503, { status: 'degraded', reason, ...fields, ...{ status: 'degraded' } }];
}
