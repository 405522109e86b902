import { rows, type Db, type Tx } from '../../postgres/db.ts';

/** The files of an estate as they were read, by the paths that its loader used. */
export interface EstateFiles {
  main: string;
  files: Record<string, string>;
}

export interface EstateUse {
  digest: string;
  loaded_by: string;
  source: string;
  at: Date;
}

/** Of all processes that want to change the estate in use one goes at a time; any number that nobody else uses. */
const LOCK = 7_150_003;

export const ESTATE_CHANNEL = 'lifeboat_estate';

export async function lockEstateUse(tx: Tx): Promise<void> {
  await rows(tx, 'lock-estate-use', 'select pg_advisory_xact_lock($1)', [LOCK]);
}

/** What is in use now, and since when; null before the first start. */
export async function estateInUse(db: Db): Promise<EstateUse | null> {
  const [row] = await rows<EstateUse>(
    db,
    'estate-in-use',
    'select digest, loaded_by, source, at from estate_use order by id desc limit 1',
    [],
  );
  return row ?? null;
}

export async function estateFiles(db: Db, digest: string): Promise<EstateFiles | null> {
  const [row] = await rows<{ body: EstateFiles }>(db, 'estate-files', 'select body from estate where digest = $1', [
    digest,
  ]);
  return row?.body ?? null;
}

export async function wasEverUsed(db: Db, digest: string): Promise<boolean> {
  const found = await rows(db, 'estate-was-used', 'select from estate where digest = $1', [digest]);
  return found.length > 0;
}

/** Makes an estate the one in use and tells every process. */
export async function insertEstateUse(
  tx: Tx,
  { digest, loaded_by, source }: Omit<EstateUse, 'at'>,
  files: EstateFiles,
): Promise<void> {
  await rows(
    tx,
    'insert-estate',
    'insert into estate (digest, body) values ($1, $2) on conflict (digest) do update set body = excluded.body',
    [digest, JSON.stringify(files)],
  );
  await rows(
    tx,
    'insert-estate-use',
    `with used as (insert into estate_use (digest, loaded_by, source) values ($1, $2, $3) returning digest)
     select pg_notify('${ESTATE_CHANNEL}', digest) from used`,
    [digest, loaded_by, source],
  );
}
