import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Longest first, since a long file that began last would leave the other worker with nothing to do; and those that
 * keep the processor busy beside those that mostly wait.
 */
class Mixed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const of = (...folders: string[]): TestSpecification[] =>
      folders.flatMap((folder) => sorted.filter(({ moduleId }) => moduleId.includes(`/test/${folder}/`)));
    const [busy, waiting] = [of('chaos', 'browser', 'flow', 'contract'), of('smoke', 'support')];
    const pairs = busy.map((file, index) => [file, ...waiting.slice(index, index + 1)]);
    return [...pairs.flat(), ...waiting.slice(busy.length), ...of('architecture', 'unit')];
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
