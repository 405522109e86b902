import type { KnownBlock } from '@slack/types';
import type { Liquid, Template as Parsed } from 'liquidjs';
import { parse } from 'yaml';
import * as z from 'zod';
import { DETAILS, type Detail } from '../src/domain/incident/detail.ts';
import { LifeboatError, messageOf } from '../src/runtime/errors.ts';
import type { ChatMessage } from '../src/ports/chat.ts';
import { context, fields, header } from './blocks.ts';
import { clip, MAX, sections } from './clip.ts';
import { FIELDS, isField, mayRead, type MessageContext, type Value } from './fields.ts';

/*
 * A template file is YAML front matter and a body of mrkdwn with Liquid. Lines of `---` part the body into blocks. A
 * block whose lines begin with `# ` is the header, with `| ` fields in two columns, with `~ ` small print; all others
 * are paragraphs. The structure is the file's alone: a value can never make a block, and a block without text is left
 * out.
 */

const FrontMatter = z.strictObject({
  name: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  audience: z.string().min(1),
  detail: z.enum(DETAILS).default('full'),
  /** Whether people whom it names hear of it. */
  mentions: z.boolean().default(true),
  required: z.array(z.string()),
  summary: z.string().min(1),
});

type Part = { kind: 'header' | 'text'; text: Parsed[] } | { kind: 'fields' | 'context'; texts: Parsed[][] };

export interface Template {
  name: string;
  audience: string;
  detail: Detail;
  mentions: boolean;
  required: string[];
  render(context: MessageContext): ChatMessage;
}

/** Reads a template; throws a LifeboatError that names the file and what in it is wrong. */
export function compileTemplate(liquid: Liquid, file: string, source: string): Template {
  const [, yaml, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source) ?? [];
  if (yaml === undefined || body === undefined)
    throw broken(file, 'it must begin with front matter between `---` lines');
  const front = FrontMatter.safeParse(readYaml(file, yaml));
  if (!front.success) throw broken(file, `front matter: ${z.prettifyError(front.error).replaceAll('\n', ' ')}`);
  const { name, audience, detail, mentions, required, summary } = front.data;
  const unknown = required.find((path) => !isField(path));
  if (unknown !== undefined) throw broken(file, `\`required\` names \`${unknown}\``, known());
  const read = (text: string): Parsed[] => parseLiquid(liquid, file, { text, detail });
  const text = read(summary);
  const parts = body.split(/^---$/m).map((part) => readPart(part.trim(), read));
  return {
    name,
    audience,
    detail,
    mentions: mentions && detail === 'full',
    required,
    render(values) {
      for (const path of required) need(name, path, values);
      const say = (parsed: Parsed[]): string => renderLiquid(liquid, name, parsed, values);
      const line = say(text).replaceAll(/\s+/g, ' ');
      return {
        text: clip(line, MAX.text),
        blocks: parts.flatMap((part) => renderPart(part, say)).slice(0, MAX.blocks),
      };
    },
  };
}

function readYaml(file: string, yaml: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    throw broken(file, `front matter: ${messageOf(error)}`);
  }
}

function parseLiquid(liquid: Liquid, file: string, { text, detail }: { text: string; detail: Detail }): Parsed[] {
  let parsed: Parsed[];
  try {
    parsed = liquid.parse(text);
  } catch (error) {
    throw broken(file, messageOf(error));
  }
  const globals = liquid.globalFullVariablesSync(parsed);
  const unknown = globals.find((path) => !isField(path));
  if (unknown !== undefined) throw broken(file, `there is no field \`${unknown}\``, known());
  const hidden = globals.find((path) => !mayRead(path, detail));
  if (hidden !== undefined)
    throw broken(file, `a ${detail} template may not say \`${hidden}\``, 'use the fields of `brief`');
  return parsed;
}

function readPart(text: string, read: (text: string) => Parsed[]): Part {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const all = (mark: string): boolean => lines.length > 0 && lines.every((line) => line.startsWith(mark));
  if (all('# ')) return { kind: 'header', text: read(lines.map((line) => line.slice(2)).join(' ')) };
  const texts = (): Parsed[][] => lines.map((line) => read(line.slice(2)));
  if (all('| ')) return { kind: 'fields', texts: texts() };
  if (all('~ ')) return { kind: 'context', texts: texts() };
  return { kind: 'text', text: read(text) };
}

function renderPart(part: Part, say: (parsed: Parsed[]) => string): KnownBlock[] {
  if ('text' in part) {
    const text = say(part.text);
    return part.kind === 'text' ? sections(text.split('\n')) : [header(clip(unescape(text), MAX.header))];
  }
  const texts = part.texts.map(say).filter((text) => text !== '');
  if (texts.length === 0) return [];
  const [max, make] = part.kind === 'fields' ? [MAX.field, fields] : [MAX.context, context];
  return [make(...texts.slice(0, 10).map((text) => clip(text, max)))];
}

/** Headers are plain text, in which Slack reads no entities. */
const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function renderLiquid(liquid: Liquid, name: string, parsed: Parsed[], values: MessageContext): string {
  try {
    const text = String(liquid.renderSync(parsed, values));
    return text
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
  } catch (error) {
    throw new LifeboatError('invalid', `template \`${name}\`: ${messageOf(error)}`, undefined, { cause: error });
  }
}

function need(name: string, path: string, values: MessageContext): void {
  const [group = '', field = ''] = path.split('.');
  const groups: Record<string, Record<string, Value>> = values;
  const value = groups[group]?.[field] ?? null;
  const missing =
    value === null || value === '' || (Array.isArray(value) && value.length === 0) || String(value) === '';
  if (!missing) return;
  throw new LifeboatError('invalid', `template \`${name}\` needs \`${path}\`, which is missing`);
}

const known = (): string =>
  `known: ${Object.entries(FIELDS)
    .map(([group, names]) => `${group}.{${names.join(', ')}}`)
    .join(', ')}`;

function broken(file: string, what: string, fix?: string): LifeboatError {
  return new LifeboatError('invalid', `${file}: ${what}`, fix);
}
