import { LifeboatError } from '../src/runtime/errors.ts';
import { personOf } from '../src/domain/estate/people.ts';
import { toYou, type Command } from './command.ts';

export const estate: Command = {
  name: 'estate',
  group: 'Look',
  usage: '[reload]',
  summary: 'Shows what Lifeboat protects, or reads the estate file again.',
  who: 'anyone',
  async run({ args, request }, deps) {
    if (args === 'reload') {
      if (personOf(deps.estate(), request.actor) === null) {
        throw new LifeboatError('forbidden', 'only people of the estate may reload it', 'ask a responder');
      }
      return toYou((await deps.reloadEstate()).text);
    }
    if (args !== '')
      throw new LifeboatError('invalid', `\`estate\` knows no \`${args}\``, '`/dr estate` or `/dr estate reload`');
    const { name, sites, services, runbooks, people, roles } = deps.estate();
    const lines = [
      `*${name}*: ${count(sites, 'site')}, ${count(services, 'service')}, ${count(runbooks, 'runbook')}, ${count(people, 'person', 'people')}, ${count(roles, 'role')}.`,
      `*Services:* ${
        Object.entries(services)
          .map(([id, each]) => `\`${id}\` (tier ${each.tier})`)
          .join(', ') || 'none'
      }`,
      `*Runbooks:* ${
        Object.keys(runbooks)
          .map((id) => `\`${id}\``)
          .join(', ') || 'none'
      }`,
      'Preview one with `/dr plan &lt;service|runbook&gt;`.',
    ];
    return toYou(lines.join('\n'));
  },
};

function count(items: object, one: string, many = `${one}s`): string {
  const { length } = Object.keys(items);
  return `${length} ${length === 1 ? one : many}`;
}
