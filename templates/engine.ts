import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Detail } from '../src/domain/incident/detail.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import { ROOT } from '../src/runtime/paths.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { buttonsFor } from './buttons.ts';
import { messageContext } from './context.ts';
import type { IncidentFacts, MessageParams } from './facts.ts';
import { createLiquid } from './liquid.ts';
import { withoutMentions } from './mentions.ts';
import { compileTemplate, type Template } from './template.ts';

export interface Templates {
  /** Throws a LifeboatError 'invalid' that names the template and the field where something required is missing. */
  render(name: string, facts: IncidentFacts, params: MessageParams, detail?: Detail): ChatMessage;
  /** By name; those for less than full detail by name, dot and detail, as their files are called. */
  all: ReadonlyMap<string, Template>;
}

const ENDING = '.slack.liquid';

/** Reads every template once; a wrong file is a LifeboatError that names it. */
export async function loadTemplates(dir = join(ROOT, 'templates')): Promise<Templates> {
  const liquid = createLiquid();
  const files = (await readdir(dir)).filter((file) => file.endsWith(ENDING)).sort();
  const all = new Map<string, Template>();
  for (const file of files) {
    const template = compileTemplate(liquid, file, await readFile(join(dir, file), 'utf8'));
    const title = titleOf(template.name, template.detail);
    if (`${title}${ENDING}` !== file) {
      throw new LifeboatError('invalid', `${file}: its name is \`${title}\``, 'name the file after it');
    }
    all.set(title, template);
  }
  return { all, render: (name, facts, params, detail = 'full') => render(all, titleOf(name, detail), facts, params) };
}

const titleOf = (name: string, detail: Detail): string => (detail === 'full' ? name : `${name}.${detail}`);

function render(
  all: ReadonlyMap<string, Template>,
  name: string,
  facts: IncidentFacts,
  params: MessageParams,
): ChatMessage {
  const template = all.get(name);
  if (!template) {
    throw new LifeboatError('invalid', `there is no template \`${name}\``, `known: ${[...all.keys()].join(', ')}`);
  }
  const message = template.render(messageContext(facts, params));
  const whole = { ...message, blocks: [...(message.blocks ?? []), ...buttonsFor(name, facts, params)] };
  return template.mentions ? whole : withoutMentions(whole, facts.estate);
}
