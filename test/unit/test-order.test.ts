import { expect, test } from 'vitest';
import { mixed } from '../support/test-order.ts';

test('every test file is run once, also one in a folder that has no place in the order', () => {
  const names = ['unit/a', 'flow/b', 'brand-new/c', 'smoke/d', 'smoke/e', 'top'];
  const files = names.map((name) => ({ moduleId: `/repo/test/${name}.test.ts` }));
  expect(
    mixed(files)
      .map((file) => file.moduleId)
      .sort(),
  ).toEqual(files.map((file) => file.moduleId).sort());
});
