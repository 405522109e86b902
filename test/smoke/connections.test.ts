import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram, type Program } from '../support/program-world.ts';

/** Three processes have to fit into forty connections, however many sites they serve. */
const MOST = 13;

const wait = (site: string): string =>
  `  - { id: at-${site}, uses: command, site: ${site}, with: { run: [sleep, "0.2"] }, side_effect: none }\n`;
const EVERYWHERE = `description: A step at each site.\nsteps:\n${wait('east')}${wait('west')}`;

let program: Program;
beforeAll(async () => {
  program = await startProgram({ runbooks: { everywhere: EVERYWHERE } });
});
afterAll(() => program.stop());

test(
  'a bot that is its own worker holds few connections of PostgreSQL while much happens at once',
  { timeout: 90_000 },
  async () => {
    let most = 0;
    const count = async (): Promise<void> => {
      const [row] = await program.rows(
        `select count(*)::integer as n from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      );
      most = Math.max(most, Number(row?.['n']));
    };
    const names = Array.from({ length: 20 }, (_, n) => n + 1);
    await Promise.all(names.map((n) => program.dr('ana', `declare P0 Number ${n}`)));
    await count();
    await Promise.all(names.map((n) => program.dr('ana', `run everywhere INC-${n}`)));
    for (let looks = 0; looks < 20; looks += 1) await count();
    const notes = Promise.all(names.map((n) => program.dr('ben', `note INC-${n} seen`)));
    // One look after the other: the test's own connections must not be counted with the program's.
    for (let looks = 0; looks < 5; looks += 1) await count();
    await notes;
    await program.idle(60_000);
    await count();
    console.log(`at most ${most} connections`);
    expect(most).toBeLessThanOrEqual(MOST);
  },
);
