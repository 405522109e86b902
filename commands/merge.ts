import { kindOf, label, readLabel } from '../src/domain/incident/subject.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { incidentsNear } from '../src/store/incident/incidents.ts';
import { mergeIncidents, type Merged } from '../src/verbs/incident/merge-incidents.ts';
import { toYou, type Call, type Command, type CommandDeps } from './command.ts';

const USAGE = '`/dr merge INC-8 into INC-7`: INC-8 ends, INC-7 goes on';

export const merge: Command = {
  name: 'merge',
  aliases: ['duplicate'],
  group: 'Incident',
  usage: '[INC-8] into INC-7',
  words: 'whole', // both names are the words
  summary: 'Ends an incident as a duplicate of another one: its pages end, its people are invited to the other.',
  who: 'responder',
  examples: ['merge INC-8 into INC-7'],
  async run(call, deps) {
    return toYou(answerText(await mergeIncidents(deps.verbs, call.request, await readMerge(call, deps))));
  },
};

/** `INC-8 into INC-7`, or `into INC-7` in the channel of the one that ends. */
async function readMerge({ args, channel }: Call, { pool }: CommandDeps): Promise<{ from: number; into: number }> {
  const read = /^\s*(\S+)?\s*(?:\b(?:into|in|to|with|of)\b|->|=>|→)\s*(\S+)\s*$/i.exec(args.replaceAll(/[*_`,.]/g, ''));
  const [, first, second = ''] = read ?? [];
  const into = labelIn(second);
  if (into === null) throw new LifeboatError('invalid', 'it is not clear which incident goes on', USAGE);
  if (first !== undefined) {
    const from = labelIn(first);
    if (from !== null) return { from, into };
    throw new LifeboatError('invalid', `\`${first}\` names no incident`, USAGE);
  }
  const { here } = await incidentsNear(pool, channel, []);
  if (here) return { from: here.id, into };
  throw new LifeboatError('invalid', "it is not clear which incident ends, and this is no incident's channel", USAGE);
}

const labelIn = (word: string): number | null => readLabel(word.replace(/\p{Pd}/u, '-'));

function answerText({ from, into }: Merged): string {
  const [one, other] = [label(from.id), label(into.id)];
  const drill = kindOf(from.id) === 'drill' ? '\n:test_tube: Both are drills: nothing of it leaves Lifeboat.' : '';
  const milder =
    from.severity < into.severity
      ? `\n:warning: ${one} was ${from.severity} and ${other} is ${into.severity}: raise it with \`/dr severity ${from.severity} ${other}\` if it is that bad.`
      : '';
  const unheard = into.acknowledged_at === null ? ` Nobody has acknowledged ${other} yet.` : '';
  return `${one} is merged into ${other}: its pages end, its channel is archived, and whoever worked on it is invited to ${other}.${unheard}${milder}${drill}`;
}
