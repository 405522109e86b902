import type { Gesture, GestureAnswer } from '../../page/protocol.ts';

/** A gesture without its person. */
export type Doing<G = Gesture> = G extends Gesture ? Omit<G, 'as'> : never;

/** Sends a gesture; every failure comes back as an answer that is not ok. */
export async function post(gesture: Gesture): Promise<GestureAnswer> {
  try {
    const answer = await fetch('/api/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(gesture),
    });
    const body: unknown = await answer.json().catch(() => null);
    if (isAnswer(body)) return body;
    return { ok: false, error: `The sandbox answered ${answer.status}.` };
  } catch {
    return { ok: false, error: 'The sandbox cannot be reached. Is it still running?' };
  }
}

const isAnswer = (body: unknown): body is GestureAnswer =>
  typeof body === 'object' && body !== null && 'ok' in body && typeof body.ok === 'boolean';
