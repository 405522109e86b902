import { label } from '../src/domain/incident/incident.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { findIncident } from '../src/store/incident/incidents.ts';
import { findRun } from '../src/store/run/runs.ts';
import { outputOf, stepsWithOutput } from '../src/store/run/step-output.ts';
import { outputFile, outputWords } from '../templates/step-output.ts';
import type { Call, Command, CommandDeps } from './command.ts';
import { firstWord } from './words.ts';

export const output: Command = {
  name: 'output',
  group: 'Look',
  usage: 'run [step]',
  summary:
    'Shows what a step printed: its last lines to you, and all that is kept as a file in the incident’s channel.',
  who: 'responder',
  words: 'whole',
  examples: ['output 12 restore-database'],
  async run(call, deps) {
    const { run, incident, step } = await whichStep(call, deps);
    const blocks = await outputOf(deps.pool, run, step);
    if (blocks.length === 0) {
      throw new LifeboatError(
        'not_found',
        `step ${step} of run ${run} printed nothing that is kept`,
        await known(deps, run),
      );
    }
    const channel = incident.channel ?? call.channel;
    const text = outputWords(run, step, blocks);
    const file = outputFile(`${label(incident.id)}-run-${run}-${step}.txt`, blocks);
    return { kind: 'message', visible: 'you', text, ...(channel !== null && { files: [{ channel, ...file }] }) };
  },
};

async function whichStep({ args }: Call, deps: CommandDeps) {
  const [word, rest] = firstWord(args);
  if (!/^\d{1,9}$/.test(word)) {
    throw new LifeboatError(
      'invalid',
      `\`${word}\` is no number of a run`,
      '`/dr output 12 restore`; `/dr status` shows the runs',
    );
  }
  const found = await findRun(deps.pool, Number(word));
  const incident = found && (await findIncident(deps.pool, found.incident_id));
  if (!incident) throw new LifeboatError('not_found', `there is no run ${word}`, 'see `/dr status`');
  if (rest !== '') return { run: found.id, incident, step: rest };
  const [only, ...more] = await stepsWithOutput(deps.pool, found.id);
  if (only !== undefined && more.length === 0) return { run: found.id, incident, step: only };
  throw new LifeboatError('ambiguous', `run ${found.id} needs the name of a step`, await known(deps, found.id));
}

async function known({ pool }: CommandDeps, run: number): Promise<string> {
  const steps = await stepsWithOutput(pool, run);
  if (steps.length === 0)
    return `no step of run ${run} printed anything that is kept; output is kept for 30 days after a run`;
  const names = steps.slice(0, 20).join(', ');
  return `steps that printed something: ${names}${steps.length > 20 ? ' …' : ''}`;
}
