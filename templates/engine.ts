import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LifeboatError } from '../src/runtime/errors.ts';
import { ROOT } from '../src/runtime/paths.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { buttonsFor } from './buttons.ts';
import { messageContext } from './context.ts';
import type { IncidentFacts, MessageParams } from './facts.ts';
import { createLiquid } from './liquid.ts';
import { compileTemplate, type Template } from './template.ts';

export interface Templates {
  /** Throws a LifeboatError 'invalid' that names the template and the field where something required is missing. */
  render(name: string, facts: IncidentFacts, params: MessageParams): ChatMessage;
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
    if (`${template.name}${ENDING}` !== file) {
      throw new LifeboatError('invalid', `${file}: its name is \`${template.name}\``, 'name the file after it');
    }
    all.set(template.name, template);
  }
  return { all, render: (name, facts, params) => render(all, name, facts, params) };
}

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
  return { ...message, blocks: [...(message.blocks ?? []), ...buttonsFor(name, facts, params)] };
}
