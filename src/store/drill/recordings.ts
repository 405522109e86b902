import type { Recording } from '../../domain/drill/recording.ts';
import { rows, type Db } from '../../postgres/db.ts';

/** Writes what an effect would have sent, once for each call and target, and returns the number of what is written. */
export async function writeRecording(
  db: Db,
  effect: string,
  incident: number,
  { call, target, text, body }: Recording,
): Promise<string> {
  const [row] = await rows<{ id: string }>(
    db,
    'write-recording',
    `insert into recording (effect_id, incident_id, call, target, text, body) values ($1, $2, $3, $4, $5, $6)
     on conflict (effect_id, call, target) do update set text = excluded.text, body = excluded.body
     returning id`,
    [effect, incident, call, target, text, JSON.stringify(body)],
  );
  if (!row) throw new Error('the recording was not written');
  return row.id;
}

type KeptRecording = Recording & { at: Date };

/** What a drill would have sent, oldest first; `last` keeps only the newest ones. `total` counts all. */
export async function recordingsOf(
  db: Db,
  incident: number,
  last = 40,
): Promise<{ total: number; shown: KeptRecording[] }> {
  const found = await rows<KeptRecording & { total: number }>(
    db,
    'recordings',
    `select call, target, text, body, at, total from (
       select r.*, count(*) over ()::integer as total from recording r where incident_id = $1 order by id desc limit $2) r
     order by id`,
    [incident, last],
  );
  return { total: found[0]?.total ?? 0, shown: found.map(({ total: _total, ...kept }) => kept) };
}
