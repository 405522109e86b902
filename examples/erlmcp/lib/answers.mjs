import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './ask.mjs';
import { addressOf, placeOf } from './place.mjs';

/** What the services do besides telling how they are; each reads the data in use anew, so a restore is felt at once. */
export async function answerOf(place, request, pathname) {
  const route = ROUTES[place.service]?.[pathname];
  return route ? await route(place, request) : [404, { error: `${place.service} knows no ${pathname}` }];
}

const read = (place, name) => JSON.parse(readFileSync(join(place.current, `${name}.json`), 'utf8'));
const listed = (name) => (place) => [200, { status: 'ok', [name]: read(place, name) }];

const ROUTES = {
  'database-cluster': { '/members': listed('members') },
  authentication: {
    '/auth/security': (place) => [200, read(place, 'security')],
    '/auth/verify': (_place, { headers }) =>
      headers.authorization?.startsWith('Bearer ') ? [200, { valid: true }] : [401, { valid: false }],
  },
  'api-gateway': {
    '/api/auth/verify': throughAuthentication,
    '/api/tools/list': listed('tools'),
    '/api/resources/subscribe': listed('resources'),
  },
  'session-manager': { '/settings': listed('settings') },
  'tool-orchestration': { '/tools': listed('tools') },
  'resource-management': { '/resources': listed('resources') },
  monitoring: { '/rules': listed('rules') },
  dashboard: { '/panels': listed('panels') },
};

async function throughAuthentication({ home, site }) {
  const address = addressOf(placeOf(home, site, 'authentication'));
  const { code, failure = `answers with ${code}` } = address
    ? await ask(address, '/auth/security')
    : { failure: 'was never started here' };
  return code === 200 ? [200, { status: 'ok' }] : [502, { status: 'failed', reason: `authentication ${failure}` }];
}
