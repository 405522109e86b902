import * as z from 'zod';
import { done, rejected, retry } from '../../domain/effect/outcome.ts';
import type { Outcome } from '../../domain/effect/outcome.ts';
import type { PagerPort } from '../../ports/pager.ts';
import { findIncident } from './incidents.ts';
import type { RestClient } from './rest-client.ts';

const notesShape = z.object({ notes: z.array(z.object({ content: z.string() })) });
/** An event is processed after its 202: its incident may take a moment. */
const NOT_YET_MS = 5000;

/** Makes the port's `note`: PagerDuty does not deduplicate notes, so they are read first, one call per key at a time. */
export function createNotes(rest: RestClient | undefined, from: string | undefined): PagerPort['note'] {
  const lines = new Map<string, Promise<Outcome>>();
  return (dedup_key, text) => {
    if (!rest) return Promise.resolve(rejected('the note cannot be written: set PAGERDUTY_API_TOKEN'));
    if (from === undefined || from === '') {
      return Promise.resolve(
        rejected('the note cannot be written: set PAGERDUTY_FROM to the e-mail of a PagerDuty user'),
      );
    }
    const before = lines.get(dedup_key) ?? Promise.resolve();
    const mine = before.then(() => addOnce(rest, from, dedup_key, text));
    lines.set(dedup_key, mine);
    return mine.finally(() => {
      if (lines.get(dedup_key) === mine) lines.delete(dedup_key);
    });
  };
}

async function addOnce(rest: RestClient, from: string, dedup_key: string, text: string): Promise<Outcome> {
  const incident = await findIncident(rest, dedup_key);
  if (incident.kind !== 'done') return incident;
  if (incident.value === null) return retry(`PagerDuty has no incident with the key ${dedup_key} yet`, NOT_YET_MS);
  const id = encodeURIComponent(incident.value.id);
  const answer = await rest.read('list notes', (client) => client.incidents.listNotes(id));
  if (answer.kind !== 'done') return answer;
  const body = notesShape.safeParse(answer.value);
  if (!body.success) return rejected('PagerDuty answered "list notes" in a form that Lifeboat does not know');
  if (body.data.notes.some((note) => plain(note.content) === plain(text))) return done(undefined);
  const added = await rest.write('add a note', (client) =>
    client.incidents.createNote(id, from, { note: { content: text } }),
  );
  return added.kind === 'done' ? done(undefined) : added;
}

/** PagerDuty may trim a note and change its line ends. */
const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim();
