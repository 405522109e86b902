import type pg from 'pg';
import { expect, test } from 'vitest';
import type { IncidentSearch } from '../../src/domain/incident/search.ts';
import { searchIncidents } from '../../src/store/incident/search.ts';
import { createTestDatabase } from '../support/database.ts';
import { testPool } from '../support/queue-world.ts';

const ANY: IncidentSearch = {
  words: [],
  service: null,
  person: null,
  from: null,
  to: null,
  state: null,
  severity: null,
};

test('a search among 100,000 incidents finds the newest that fit, for a rare word and for one that is everywhere', async () => {
  const database = await createTestDatabase();
  const pool = testPool(database.url);
  try {
    const fill = async (text: string): Promise<void> => {
      const slow: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: 300_000 };
      await pool.query(slow);
    };
    await fill(`insert into incident (name, title, severity, service, state, declared_by, declared_at)
      select 'i' || n, 'title', 'P' || n % 4, 'service-' || n % 50, case when n > 99950 then 'open' else 'closed' end, 'slack:U' || n % 300,
             now() - (100000 - n) * interval '10 minutes' from generate_series(1, 100000) n`);
    await fill(`insert into event (incident_id, seq, at, kind, actor, data, prev_hash, hash)
      select n, 1, now(), 'incident.declared', 'slack:U' || n % 300,
             jsonb_build_object('title', 'service ' || md5(n::text) || ' is slow'), '', '' from generate_series(1, 100000) n`);
    await fill(`insert into event (incident_id, seq, at, kind, actor, data, prev_hash, hash)
      select n, 2, now(), 'note.added', 'slack:U' || n % 7, jsonb_build_object('text', 'restart ' || md5((n * 7)::text)), '', ''
      from generate_series(1, 100000) n`);
    await fill('vacuum analyze');
    const { rows } = await pool.query<{ word: string }>(`select md5('77777') as word`);
    const cases: [Partial<IncidentSearch>, number[]][] = [
      [{ words: [rows[0]!.word] }, [77_777, 11_111]],
      [{ words: ['service', 'restart'] }, [100_000]],
      [{ person: ['slack:U7'], words: ['slow'] }, [99_907]],
      [{ service: 'service-3', severity: 'P3' }, [99_903]],
      [{ from: new Date(Date.now() - 400 * 86_400_000), to: new Date(Date.now() - 399 * 86_400_000) }, []],
      [{ state: 'open' }, [100_000]],
    ];
    for (const [search, first] of cases) {
      const { shown } = await searchIncidents(pool, { ...ANY, ...search }, 1);
      if (first.length > 0)
        expect(shown.map(({ id }) => id).slice(0, first.length), JSON.stringify(search)).toEqual(first);
      else expect(shown.length).toBeGreaterThan(0);
    }
  } finally {
    await pool.end();
    await database.drop();
  }
}, 180_000);
