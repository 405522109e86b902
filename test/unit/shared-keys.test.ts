import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sharedKeys } from '../../src/domain/escalation/shared-keys.ts';
import { checkFile } from '../../src/estate/check.ts';
import { ROOT } from '../../src/runtime/paths.ts';

const level = (...page: string[]) => ({ after: 0, page, notify: [] });
const estate = {
  escalation_policies: { critical: { levels: [level('on-call'), level('secondary'), level('vice-president')] } },
};
const KEY = 'a'.repeat(32);

test('roles of one ladder that share a key are named, with the variable that mends it', () => {
  const [only, ...more] = sharedKeys(estate, { routingKey: KEY, routingKeys: { secondary: 'b'.repeat(32) } });
  expect(more).toEqual([]);
  expect(only).toEqual({
    policy: 'critical',
    roles: ['on-call', 'vice-president'],
    variables: ['PAGERDUTY_ROUTING_KEY_ON_CALL', 'PAGERDUTY_ROUTING_KEY_VICE_PRESIDENT'],
  });
  const same = { 'on-call': KEY, secondary: KEY, 'vice-president': 'c'.repeat(32) };
  expect(sharedKeys(estate, { routingKey: undefined, routingKeys: same })).toHaveLength(1);
});

test('keys of their own, one role alone and no pager at all are no warning', () => {
  const own = { 'on-call': '1', secondary: '2', 'vice-president': '3' };
  expect(sharedKeys(estate, { routingKey: KEY, routingKeys: own })).toEqual([]);
  expect(sharedKeys(estate, { routingKey: undefined, routingKeys: {} })).toEqual([]);
  const one = { escalation_policies: { quiet: { levels: [level('on-call'), level('on-call')] } } };
  expect(sharedKeys(one, { routingKey: KEY, routingKeys: {} })).toEqual([]);
});

test('`lifeboat check` warns of it, and the estate is in order all the same', async () => {
  const file = join(ROOT, 'test/support/estates/small.yaml');
  const { ok, text } = await checkFile(file, {
    means: { pagerduty: { routingKey: KEY, routingKeys: {}, apiToken: 'x' } },
  });
  expect(ok).toBe(true);
  expect(text).toContain(': in order, with');
  expect(text).toMatch(/warning: the roles .* share one PagerDuty routing key/);
  expect(text).not.toContain(KEY);
});
