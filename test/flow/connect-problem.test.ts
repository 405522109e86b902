import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrate: false });
});
afterAll(() => database.drop());

const at = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

test.each<[string, () => string, RegExp]>([
  ['nobody listens', () => at((url) => (url.port = '9')), /does not answer \(ECONNREFUSED\)/],
  ['the host is unknown', () => at((url) => (url.hostname = 'nowhere.invalid')), /a host that nobody knows/],
  ['the database is missing', () => at((url) => (url.pathname = '/none')), /`none` on .* does not exist \(3D000\)/],
  ['the user is unknown', () => at((url) => (url.username = 'nobody')), /refuses the user or the password/],
])('a start says in a sentence, with the fix, that %s', async (_name, url, words) => {
  await expect(migrate(url())).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(words) as string,
    fix: expect.stringMatching(/DATABASE_URL/) as string,
  });
});
