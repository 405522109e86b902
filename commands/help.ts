import { LifeboatError } from '../src/runtime/errors.ts';
import { escapeMrkdwn } from '../templates/blocks.ts';
import { toYou, type Command } from './command.ts';
import { didYouMean, verbOf } from './words.ts';

const GROUPS = ['Incident', 'Recovery', 'People', 'Look'] as const;

/** `/dr help`, made from the commands themselves. */
export function helpFor(commands: () => Command[]): Command {
  return {
    name: 'help',
    group: 'Look',
    usage: '[command]',
    summary: 'Lists the commands, or explains one.',
    who: 'anyone',
    run: ({ args }) => Promise.resolve(toYou(args === '' ? overview(commands()) : explain(verbOf(args), commands()))),
  };
}

function overview(commands: Command[]): string {
  const groups = GROUPS.map((group) => {
    const lines = commands.filter((each) => each.group === group).map((each) => `\`${heading(each)}\` ${each.summary}`);
    return `*${group}*\n${lines.join('\n')}`;
  });
  return [...groups, "In an incident's channel the incident is implied; elsewhere add its name, such as `INC-7`."].join(
    '\n\n',
  );
}

function explain(name: string, commands: Command[]): string {
  const found = commands.find((each) => each.name === name || each.aliases?.includes(name));
  if (!found) {
    throw new LifeboatError(
      'not_found',
      `there is no command \`${name}\``,
      didYouMean(
        name,
        commands.map((each) => each.name),
      ),
    );
  }
  const also = found.aliases ? `\nAlso: ${found.aliases.map((each) => `\`${each}\``).join(', ')}` : '';
  const examples = (found.examples ?? []).map((each) => `\n• \`/dr ${each}\``).join('');
  const who = { anyone: '', member: '\nFor members of the workspace.', responder: '\nFor people of the estate.' }[
    found.who
  ];
  return `\`/dr ${heading(found)}\`\n${found.summary}${also}${who}${examples}`;
}

const heading = (command: Command): string => escapeMrkdwn(`${command.name} ${command.usage}`.trim());
