import { rows, type Db } from '../../postgres/db.ts';

/** What a step printed on one stream, several lines of it; `note` is said by Lifeboat. */
export interface OutputBlock {
  stream: 'stdout' | 'stderr' | 'note';
  text: string;
}

/** Appends to what an attempt printed, in order. */
export async function appendOutput(
  db: Db,
  at: { run: number; step: string; attempt: number },
  blocks: OutputBlock[],
): Promise<void> {
  await rows(
    db,
    'append-output',
    `insert into step_output (run_id, step_id, attempt, stream, text)
     select $1, $2, $3, stream, text from jsonb_to_recordset($4::jsonb) as x(stream text, text text)`,
    [at.run, at.step, at.attempt, JSON.stringify(blocks)],
  );
}

/** The last lines that a step printed, oldest first. */
export async function outputTail(
  db: Db,
  run: number,
  step: string,
  limit: number,
): Promise<{ stream: string; text: string }[]> {
  const found = await rows<OutputBlock>(
    db,
    'output-tail',
    `select stream, text from (
       select id, stream, text from step_output where run_id = $1 and step_id = $2 order by id desc limit $3) t
     order by id`,
    [run, step, limit],
  );
  return found.flatMap(({ stream, text }) => text.split('\n').map((line) => ({ stream, text: line }))).slice(-limit);
}

/** Everything that is kept of what a step printed, by attempt; at most some 10 MB each. */
export function outputOf(
  db: Db,
  run: number,
  step: string,
): Promise<{ attempt: number; stream: OutputBlock['stream']; text: string; at: Date }[]> {
  return rows(
    db,
    'output-of',
    'select attempt, stream, text, at from step_output where run_id = $1 and step_id = $2 order by id',
    [run, step],
  );
}

/** The steps of a run that printed something. */
export async function stepsWithOutput(db: Db, run: number): Promise<string[]> {
  const found = await rows<{ step_id: string }>(
    db,
    'steps-with-output',
    'select distinct step_id from step_output where run_id = $1 order by step_id limit 50',
    [run],
  );
  return found.map((row) => row.step_id);
}
