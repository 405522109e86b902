import { expect, test } from 'vitest';
import { mixed } from '../support/test-order.ts';

test('every test file is run once, also one in a folder that has no place in the order', () => {
  const names = ['unit/a', 'flow/b', 'brand-new/c', 'smoke/d', 'smoke/e', 'top'];
  const files = names.map((name) => ({ moduleId: `/repo/test/${name}.test.ts` }));
  const order = mixed(files);
  expect([...order].sort()).toEqual([...files].sort());
  expect(order).toHaveLength(files.length);
});
