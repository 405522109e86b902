// A process of Lifeboat for tests that kill it: `worker-child.ts <databaseUrl> <redisUrl|->`; SIGTERM stops it.
import { stepRun } from '../../jobs/step-run.ts';
import { stepWake } from '../../jobs/step-wake.ts';
import { actions } from '../../src/actions/index.ts';
import { done } from '../../src/domain/outcome.ts';
import { StepLedger } from '../../src/verbs/step-ledger.ts';
import { launch, noting, smallEstate, testPool } from './queue-world.ts';

const [url = '', redis = '-'] = process.argv.slice(2);
const estate = await smallEstate();
const pool = testPool(url);
const verbs = { pool, estate: () => estate };
const boat = await launch({
  url,
  ...(redis !== '-' && { redisUrl: redis }),
  verbs,
  jobs: [
    stepRun({ pool, estate: verbs.estate, actions, ledger: new StepLedger(verbs) }),
    stepWake({ pool, verbs, estate: verbs.estate }),
    ...(['card.render', 'message.post', 'approval.post', 'approval.render'] as const).map((kind) =>
      noting(kind, [], () => done(null)),
    ),
  ],
});
process.once('SIGTERM', () => {
  void boat.stop(300).then(async () => {
    await pool.end();
    console.log('stopped');
  });
});
console.log('ready');
