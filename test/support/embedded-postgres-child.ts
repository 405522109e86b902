// A program that owns an embedded PostgreSQL: `embedded-postgres-child.ts <home> <path|npm|auto>`; SIGTERM stops it.
import { EmbeddedPostgresError } from '@lifeboat/embedded-postgres/embedded-postgres-error';
import { startPostgres } from '@lifeboat/embedded-postgres/start-postgres';
import type { BinarySource } from '@lifeboat/embedded-postgres/binaries';

const [home = '', binaries = 'auto'] = process.argv.slice(2);
const log = {
  info: () => undefined,
  warn: (fields: object, message: string) => {
    console.log(`warning: ${message} ${JSON.stringify(fields)}`);
  },
};

try {
  const postgres = await startPostgres({ home, binaries: binaries as BinarySource, log });
  const { url, port, pid, adopted, version } = postgres;
  postgres.onExit((reason) => {
    console.log(`ended: ${reason}`);
  });
  const alive = setInterval(() => undefined, 60_000);
  process.once('SIGTERM', () => {
    void Promise.all([postgres.stop(), postgres.stop()]).then(() => {
      console.log('stopped');
      clearInterval(alive);
    });
  });
  console.log(`ready: ${JSON.stringify({ url, port, pid, adopted, version })}`);
} catch (error) {
  const fix = error instanceof EmbeddedPostgresError ? error.fix : String(error);
  console.log(`refused: ${(error as Error).message} Fix: ${fix ?? 'none'}`);
  process.exitCode = 1;
}
