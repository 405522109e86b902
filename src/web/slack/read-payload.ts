import { parse as parseForm } from 'node:querystring';
import * as z from 'zod';

const id = z.string().min(1).max(500);
const user = z.object({ id });
const interactive = { user, trigger_id: id };
const SHORTCUT = z.object(interactive).extend({ callback_id: z.string() });

/** What Lifeboat reads of each kind of payload; the rest may be anything. */
const KINDS: Record<string, z.ZodType> = {
  event_callback: z.object({ event: z.object({ type: id, user: z.unknown() }) }),
  url_verification: z.object({ challenge: z.string() }),
  block_actions: z.object(interactive).extend({ actions: z.array(z.object({ action_id: id })).min(1) }),
  view_submission: z.object({
    user,
    view: z.object({
      id,
      callback_id: z.string(),
      private_metadata: z.string(),
      state: z.object({ values: z.record(z.string(), z.record(z.string(), z.looseObject({}))) }),
    }),
  }),
  shortcut: SHORTCUT,
  message_action: SHORTCUT.extend({ channel: z.object({ id }), message: z.looseObject({}) }),
};
/** Kinds without a listener: they are acknowledged or left alone, but must come from somebody. */
const OTHER = z.object({ user });
const COMMAND = z.object({ command: id, user_id: id, trigger_id: id, channel_id: id, team_id: id, text: z.string() });

/** Why a payload is none that Slack sends, or null. Whoever reads it after this finds what it reads. */
export function payloadProblem(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'it is no map';
  if (holdsNul(body)) return 'it holds a NUL';
  if (Object.hasOwn(body, 'ssl_check') && !Object.hasOwn(body, 'command')) return null;
  const parsed = schemaOf(body).safeParse(body);
  return parsed.success ? null : z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ');
}

function schemaOf(body: object): z.ZodType {
  const type: unknown = Reflect.get(body, 'type');
  if (typeof type !== 'string') return COMMAND;
  return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? OTHER) : OTHER;
}

/** The body of a request over HTTP, as Bolt reads it; throws when it is no JSON. */
export function readBody(contentType: string | undefined, text: string): unknown {
  if (contentType !== 'application/x-www-form-urlencoded') return JSON.parse(text) as unknown;
  const form = { ...parseForm(text) };
  return typeof form['payload'] === 'string' ? (JSON.parse(form['payload']) as unknown) : form;
}

/** PostgreSQL stores no NUL, and no keyboard types one. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => key.includes('\0') || holdsNul(item));
}
