import type { Choice } from './choices.ts';

/** The choices whose words contain what was typed. */
export function matching(choices: readonly Choice[], typed: string): Choice[] {
  const wanted = typed.trim().toLocaleLowerCase('en');
  return choices.filter(({ label, group }) => `${label} ${group}`.toLocaleLowerCase('en').includes(wanted));
}

/** Choices under the headings they came with, in their order. */
export function grouped(choices: readonly Choice[]): { group: string; choices: { choice: Choice; index: number }[] }[] {
  const groups: ReturnType<typeof grouped> = [];
  choices.forEach((choice, index) => {
    const last = groups.at(-1);
    if (last?.group === choice.group) last.choices.push({ choice, index });
    else groups.push({ group: choice.group, choices: [{ choice, index }] });
  });
  return groups;
}
