import { commands } from '../commands/index.ts';
import type { Command } from '../commands/command.ts';

const GROUPS: Record<Command['group'], string> = {
  Incident: 'From the declaration to the end of an incident.',
  Recovery: 'Runbooks and recoveries: what they would do, starting and steering them, and approval.',
  People: 'Who does what, and who is woken.',
  Look: 'Questions that change nothing.',
};

/** docs/commands.md, made from the commands themselves, as /dr help is. */
export function commandsReference(): string {
  const groups = Object.entries(GROUPS).map(([group, about]) => {
    const members = commands.filter((command) => command.group === group);
    return [`## ${group}`, about, ...members.map(entry)].join('\n\n');
  });
  return `${[HEAD, ...groups].join('\n\n')}\n`;
}

const HEAD = `# Commands

<!-- Generated from commands/ by \`npm run docs\`; edit those. -->

Every command begins with \`/dr\`. In an incident's channel the incident is implied; elsewhere the only open one is, and
if there are several, add its name, such as \`INC-7\`, as the first or the last word. \`<…>\` is needed, \`[…]\` may be
left out, \`…\` stands for any number of words. A typo is answered with the nearest command.

"For responders" means: for people listed under \`people:\` in the estate, with their Slack id.`;

function entry({ name, usage, summary, aliases, who, examples }: Command): string {
  const also = aliases ? `Also: ${aliases.map((each) => `\`/dr ${each}\``).join(', ')}.` : '';
  const whom = { anyone: 'For everybody.', member: 'For members.', responder: 'For responders.' }[who];
  const shown = (examples ?? []).map((each) => `/dr ${each}`).join('\n');
  return [
    `### \`${`/dr ${name} ${usage}`.trim()}\``,
    [summary, whom, also].filter(Boolean).join(' '),
    ...(shown ? [`\`\`\`\n${shown}\n\`\`\``] : []),
  ].join('\n\n');
}
