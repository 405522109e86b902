import { LifeboatError } from '../src/runtime/errors.ts';
import { mention, personOf } from '../src/domain/estate/people.ts';
import { escapeMrkdwn } from '../templates/blocks.ts';
import { date } from '../templates/words.ts';
import { toYou, type Command, type CommandDeps } from './command.ts';

export const estate: Command = {
  name: 'estate',
  group: 'Look',
  usage: '[reload | part of a name]',
  summary:
    'Shows what Lifeboat protects, by the estate (the file that describes your services), or reads that file again, for every process of Lifeboat.',
  who: 'anyone',
  async run({ args, request }, deps) {
    if (args.toLowerCase() === 'reload') {
      if (personOf(deps.estate(), request.actor) === null) {
        throw new LifeboatError('forbidden', 'only people of the estate may reload it', 'ask a responder');
      }
      return toYou((await deps.reloadEstate(request.actor)).text);
    }
    const { name, sites, services, runbooks, people, roles } = deps.estate();
    const lines = [
      `*${name}*: ${count(sites, 'site')}, ${count(services, 'service')}, ${count(runbooks, 'runbook')}, ${count(people, 'person', 'people')}, ${count(roles, 'role')}.`,
      named(
        'Services',
        Object.entries(services).map(([id, { tier }]) => [id, `\`${id}\` (tier ${tier})`]),
        args,
      ),
      named(
        'Runbooks',
        Object.keys(runbooks).map((id) => [id, `\`${id}\``]),
        args,
      ),
      inUse(deps),
      'Preview one with `/dr plan &lt;service|runbook&gt;`.',
    ];
    return toYou(lines.join('\n'));
  },
};

/** How many names one answer lists. */
const NAMES = 40;

/** Names that hold what was typed; where there are many, how to see the rest. */
function named(title: string, all: (readonly [id: string, words: string])[], part: string): string {
  const found = all.filter(([id]) => id.includes(part.toLowerCase())).map(([, words]) => words);
  const more = found.length > NAMES ? `, … ${found.length - NAMES} more: \`/dr estate &lt;part of a name&gt;\`` : '';
  return `*${title}:* ${found.slice(0, NAMES).join(', ') || 'none'}${more}`;
}

function inUse({ estate, estateUse }: CommandDeps): string {
  const { digest, source, loaded_by, at } = estateUse();
  const by = /^\w+:\w+$/.test(loaded_by) ? mention(estate(), loaded_by) : escapeMrkdwn(loaded_by);
  return `*In use* since ${date(at, '{date_short} {time}')}: \`${digest.slice(0, 12)}\` from \`${escapeMrkdwn(source)}\`, by ${by}.`;
}

function count(items: object, one: string, many = `${one}s`): string {
  const { length } = Object.keys(items);
  return `${length} ${length === 1 ? one : many}`;
}
