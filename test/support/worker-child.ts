// A process of Lifeboat for tests that kill and freeze it: `worker-child.ts <databaseUrl> <redisUrl|->`; SIGTERM stops it.
import { createActions } from '../../src/actions/index.ts';
import { workerName } from '../../src/outbox/worker-name.ts';
import { runJobs } from './queue-plan.ts';
import { launch, smallEstate, testPool } from './queue-world.ts';

const [url = '', redis = '-'] = process.argv.slice(2);
const estate = await smallEstate();
const pool = testPool(url);
const verbs = { pool, estate: () => estate };
const name = workerName();
const boat = await launch({
  url,
  name,
  ...(redis !== '-' && { redisUrl: redis }),
  verbs,
  jobs: runJobs(pool, verbs, createActions({}, name)),
});
process.once('SIGTERM', () => {
  void boat.stop(300).then(async () => {
    await pool.end();
    console.log('stopped');
  });
});
console.log('ready');
