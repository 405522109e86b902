import { expect, test } from 'vitest';
import { createRedactor, REDACTED, redact, redactText } from '../../src/runtime/redact.ts';

const ROUTING_KEY = `R${'0ABCDEF123456789'.repeat(2).slice(0, 31)}`;

const texts: [string, string][] = [
  ['a Slack bot token', 'sent with xoxb-1234-5678-PLANTED'],
  ['a rotated Slack token', 'xoxe.xoxp-1-PLANTED'],
  ['a Slack app token', 'xapp-1-A01-PLANTED'],
  ['a Slack webhook', 'https://hooks.slack.com/services/T01/B01/PLANTED'],
  ['a response URL', 'posting to https://hooks.slack.com/commands/T01/2/PLANTED failed'],
  ['a bearer header', 'Authorization: Bearer PLANTED.abc/+='],
  ['a basic header', 'authorization: basic UExBTlRFRDpQTEFOVEVE-PLANTED'],
  ['a PagerDuty REST token', 'Authorization: Token token=PLANTED+key_1234'],
  ['a PagerDuty user token', 'u+PLANTEDPLANTED1234'],
  ['a PagerDuty OAuth token', 'pdus+_0PLANTED_abc-def'],
  ['a PagerDuty routing key', `routed by ${ROUTING_KEY}-PLANTED`.replace('-PLANTED', '')],
  ['a database address', 'connect postgres://lifeboat:PLANTED@db.example.com:5432/x'],
  ['a password with @ in an address', 'redis://:PLANTED@PLANTED@host:6379'],
  ['an address without a user', 'rediss://:PLANTED@cache.example.com'],
  ['an AWS access key', 'AKIAPLANTEDPLANTED12'],
  ['an AWS secret key', 'AWS_SECRET_ACCESS_KEY=PLANTED/abc'],
  ['a password in a command line', 'PGPASSWORD=PLANTED pg_dump'],
  ['a password in words', 'login failed (password: PLANTED)'],
  ['a quoted password', `password = "PLANTED with spaces"`],
  ['a password in JSON', '{"user":"a","password":"PLANTED","n":1}'],
  ['a password in JSON inside JSON', String.raw`{"body":"{\"password\":\"PLANTED\"}"}`],
  ['a flag', 'mysql --password PLANTED --host db'],
  ['a flag with =', 'mysql --admin-token=PLANTED'],
  ['a query', 'GET /x?api_key=PLANTED&page=2'],
  ['a GitHub token', `ghp_${'PLANTED'.repeat(4)}`],
  ['a JSON web token', 'eyJhbGciOiJIUzI1.eyJQTEFOVEVE.PLANTED'],
  ['a password by a short name', 'DB_PASS=PLANTED psql'],
  ['a password by another short name', 'MYSQL_PWD=PLANTED mysql'],
  ['a password of a connection string', 'Server=db;Uid=sa;Pwd=PLANTED;'],
  ['a Stripe key', `sk_live_${'PLANTED'.repeat(3)}`],
  ['a Google key', `AIza${'PLANTED'.repeat(5)}`],
  ['a SendGrid key', `SG.${'PLANTED'.repeat(3)}.${'PLANTED'.repeat(6)}`],
  ['an npm token', `npm_${'PLANTED'.repeat(5)}`],
  ['a password behind -p', 'mysql -uroot -pPLANTED shop'],
  ['a password behind -p of any program', 'login -ppasswordPLANTED'],
  ['base64 of a token', `data: ${Buffer.from('token=PLANTED of somebody').toString('base64')}`],
  ['a value that was cut', `password="PLANTED and`],
  ['a key that was cut', '-----BEGIN EC PRIVATE KEY-----\nPLANTED'],
  ['the end of a key', 'PLANTEDPLANTEDPLANTED\nPLANTED/PLANTED+PLANTED\n-----END EC PRIVATE KEY-----'],
  ['a PGP key', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nPLANTED\n-----END PGP PRIVATE KEY BLOCK-----'],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nPLANTED\n-----END RSA PRIVATE KEY-----'],
];

test.each(texts)('%s is taken out of text', (_, text) => {
  const clean = redactText(text);
  expect(clean).toContain(REDACTED);
  expect(clean).not.toMatch(/PLANTED|0ABCDEF/);
});

test.each([
  'status 500, expected 200 to 299: boom',
  'http://127.0.0.1:8080/path?email=a@example.com',
  'postgres://lifeboat@db.example.com/x',
  'ssh git@example.com, see https://example.com/tokens/help',
  'The password has to be changed. Nobody knows the token yet',
  'Risk Bearer',
  'incident INC-12, dedup key inc-12-l1-g0',
  'PWD=/srv/app OLDPWD=/root',
  'psql -p5432, docker run -p8080:80, find . -print',
  '12 passed, pass: 3, bypass=1',
  'restored /var/backups/2026-01-01/orders.dump as 4f1c9e7a2b3d5e6f708192a3b4c5d6e7f8091a2b',
])('"%s" stays as it is', (text) => {
  expect(redactText(text)).toBe(text);
});

test('what stands around a secret stays readable', () => {
  expect(redactText('postgres://lifeboat:hunter2@db:5432/x refused')).toBe(
    `postgres://lifeboat:${REDACTED}@db:5432/x refused`,
  );
  expect(redactText('{"user":"a","password":"p","n":1}')).toBe(`{"user":"a","password":${REDACTED},"n":1}`);
  expect(redactText('GET /x?api_key=p&page=2')).toBe(`GET /x?api_key=${REDACTED}&page=2`);
});

test('a named secret is taken out wherever it stands, also percent-encoded, the longer of two first', () => {
  const secrets = ['p@ss word', 'p@ss word and more', 'abc'];
  expect(createRedactor(secrets).text('x p@ss word y p%40ss%20word z p@ss word and more abc')).toBe(
    `x ${REDACTED} y ${REDACTED} z ${REDACTED} abc`,
  );
});

test('secret-named keys are replaced at any depth and in any spelling', () => {
  const planted = {
    headers: { Authorization: 'PLANTED', 'X-Slack-Signature': 'PLANTED', 'set-cookie': ['PLANTED'] },
    a: {
      b: {
        c: { d: { e: { botToken: 'PLANTED', API_KEY: 'PLANTED', 'api-key': 'PLANTED', pin: { password: 12345 } } } },
      },
    },
    list: [{ routing_key: 'PLANTED' }, { clientSecret: { value: 'PLANTED' } }],
    map: new Map([['accessKeyId', 'PLANTED']]),
    set: new Set(['xoxb-1-PLANTED']),
    response_url: 'PLANTED',
  };
  const clean = JSON.stringify(redact(planted));
  expect(clean).not.toMatch(/PLANTED|12345/);
});

test('absence, yes/no and everything harmless are kept', () => {
  const value = {
    token: null,
    has_password: true,
    secret: '',
    dedup_key: 'k',
    n: 1,
    when: new Date(0),
    list: [1, 'two'],
  };
  expect(redact(value)).toEqual(value);
});

test('errors lose secrets from message, stack, cause and own fields', () => {
  const error = Object.assign(new Error('login password=PLANTED', { cause: new Error('xoxb-1-PLANTED') }), {
    config: { headers: { authorization: 'PLANTED' } },
  });
  const clean = JSON.stringify(redact({ err: error }));
  expect(clean).not.toContain('PLANTED');
  expect(clean).toContain('"message":"login password=[redacted]"');
});

test('circles, great depth, bytes and text in keys do no harm', () => {
  const circle: Record<string, unknown> = { name: 'a', bytes: Buffer.from('xoxb-1-PLANTED'), 'xoxb-1-PLANTED': 1 };
  circle['self'] = circle;
  let deep: unknown = 'xoxb-1-PLANTED';
  for (let i = 0; i < 10_000; i += 1) deep = { deep };
  const clean = JSON.stringify(redact([circle, deep]));
  expect(clean).not.toContain('PLANTED');
  expect(clean).toContain('[circular]');
});

test('the same object in two places is no circle', () => {
  const shared = { a: 1 };
  expect(redact([shared, shared])).toEqual([shared, shared]);
});
