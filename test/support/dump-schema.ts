import { fileURLToPath } from 'node:url';
import pg from 'pg';

export const SCHEMA_FILE = fileURLToPath(new URL('../../src/store/schema.sql', import.meta.url));

const HEADER =
  '-- What the migrations add up to, read from the catalogue. Written by\n-- `UPDATE_SCHEMA=1 npx vitest run test/flow/migrations.test.ts`, and compared by the same test.\n';

const COLUMNS = `
  select c.relname as table, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end
    || case when a.attidentity = 'a' then ' generated always as identity' else '' end
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname, a.attnum`;

const CONSTRAINTS = `
  select c.relname as table, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid
  where k.connamespace = 'public'::regnamespace and k.contype <> 'n' order by c.relname, k.conname`;

const INDEXES = `
  select i.tablename as table, i.indexdef as line from pg_indexes i
  where i.schemaname = 'public'
    and not exists (select from pg_constraint k where k.conname = i.indexname and k.contype in ('p', 'u'))
  order by i.tablename, i.indexname`;

const FUNCTIONS = `
  select '' as table, pg_get_functiondef(p.oid) as line from pg_proc p
  where p.pronamespace = 'public'::regnamespace order by p.proname`;

const TRIGGERS = `
  select c.relname as table, pg_get_triggerdef(t.oid) || case t.tgenabled when 'A' then ' -- always' else '' end as line
  from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where c.relnamespace = 'public'::regnamespace and not t.tgisinternal order by c.relname, t.tgname`;

/** The schema of a database as text that is the same for the same schema, whatever the server's version. */
export async function dumpSchema(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const read = async (sql: string) => (await client.query<{ table: string; line: string }>(sql)).rows;
    const columns = await read(COLUMNS);
    const constraints = await read(CONSTRAINTS);
    const indexes = await read(INDEXES);
    const functions = await read(FUNCTIONS);
    const triggers = await read(TRIGGERS);
    const tables = [...new Set(columns.map((row) => row.table))].map((table) => {
      const of = (rows: { table: string; line: string }[]) =>
        rows.filter((row) => row.table === table).map((row) => row.line);
      const lines = [...of(columns), ...of(constraints)].map((line) => `  ${line}`).join(',\n');
      return [`create table ${table} (\n${lines}\n);`, ...of(indexes).map((line) => `${line};`)].join('\n');
    });
    return `${[HEADER, ...tables, ...functions.map((row) => `${row.line.trim()};`), ...triggers.map((row) => row.line)].join('\n')}\n`;
  } finally {
    await client.end();
  }
}
