import * as z from 'zod';
import { BREAKS, type Gesture } from './protocol.ts';

const isInherited = (name: string): boolean => name in Object.prototype;
const id = z
  .string()
  .min(1)
  .max(500)
  .refine((name) => !isInherited(name), 'is a name that every object has');
const text = z.string().max(40_000);
const place = { channel: id, ts: id };
const target = z.union([
  z.strictObject({ message: z.strictObject(place) }),
  z.strictObject({ ephemeral: id }),
  z.strictObject({ view: id }),
]);
const entered = z.union([text, z.array(text).max(100)]);
const by = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.strictObject({ as: id, ...shape });

const SCHEMA = z.discriminatedUnion('do', [
  by({ do: z.literal('say'), channel: id, text, thread: id.exactOptional() }),
  by({ do: z.literal('command'), channel: id, command: id, text }),
  by({ do: z.literal('press'), target, block_id: id, action_id: id, value: text.exactOptional() }),
  by({ do: z.literal('choose'), target, block_id: id, action_id: id, value: entered }),
  by({ do: z.literal('submit'), view: id, values: z.record(z.string(), entered) }),
  by({ do: z.literal('close'), view: id }),
  by({ do: z.literal('shortcut'), callback_id: id, message: z.strictObject(place).exactOptional() }),
  by({ do: z.literal('react'), ...place, name: id }),
  by({ do: z.literal('pin'), ...place, pinned: z.boolean() }),
  by({ do: z.literal('bookmark'), channel: id, title: id, link: z.url({ protocol: /^https?$/ }) }),
  by({ do: z.literal('join'), channel: id }),
  by({ do: z.literal('open_home') }),
  by({ do: z.literal('acknowledge'), phone: id }),
  by({ do: z.literal('resolve'), phone: id }),
  by({ do: z.literal('break'), service: id, how: z.enum(BREAKS) }),
  by({ do: z.literal('mend'), service: id }),
  by({ do: z.literal('surrounding'), id, up: z.boolean() }),
]);

/** What the page sent, or why it is no gesture. */
export function readGesture(body: string): { gesture: Gesture } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(body, refuseInherited);
  } catch (error) {
    return { problem: error instanceof RangeError ? error.message : 'the body is no JSON' };
  }
  const parsed = SCHEMA.safeParse(json);
  return parsed.success ? { gesture: parsed.data } : { problem: z.prettifyError(parsed.error) };
}

/** A key such as `__proto__` or `constructor` names no input of a form, and could change what all objects inherit. */
function refuseInherited(key: string, value: unknown): unknown {
  if (isInherited(key)) throw new RangeError(`the key ${key} is refused: every object has it`);
  return value;
}
