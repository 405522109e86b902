import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { mixed } from './test/support/test-order.ts';

/** Longest first, since a long file that began last would leave the other worker with nothing to do. */
class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return mixed(await super.sort(files));
  }
}

const LONG = '.long.test.';
/** Long ones run when they are asked for, as `npm run test:long` does or by the path of a file. */
const long = process.argv.some((each) => each.includes(LONG));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(long ? [] : [`**/*${LONG}ts`])],
    maxWorkers: 2,
    // Nothing outlives the file that made it, so files share what was loaded: a process for each took minutes.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/nothing-left.ts'],
    sequence: { sequencer: Mixed },
  },
});
