import type { KnownBlock } from '@slack/types';
import type { ChatFile } from '../src/ports/chat.ts';
import type { RequestFacts } from './facts.ts';
import { escapeMrkdwn, section } from './blocks.ts';

/** Slack takes 3000 characters in a section; the rest of them is for the marks around the code. */
const BLOCK = 2900;
/** More than this nobody reads in a channel: it is attached as a file. */
const INLINE = 9000;

/** The file with everything, for a request that is too long for a message; null when the message holds it all. */
export function requestFile(facts: RequestFacts): ChatFile | null {
  const { approval, run, content } = facts;
  if (fits(content.lines)) return null;
  const short = content.digest.slice(0, 12);
  const text = [
    `Request ${content.digest}`,
    `Approval ${approval.id} of run ${run.id} (${run.name})`,
    `Plan ${approval.plan_digest}`,
    'Everything that would run follows. Text is in double quotes; what cannot be seen is written as \\u{number}.',
    '',
    ...content.lines,
    '',
  ].join('\n');
  return { name: `request-${short}.txt`, title: `Request ${short}: everything that would run`, text };
}

/** Every line, as code, in as few blocks as Slack allows. */
export function contentBlocks({ lines }: RequestFacts['content']): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines.map((each) => escapeMrkdwn(each))) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= BLOCK) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map((text) => section(`\`\`\`\n${text}\n\`\`\``));
}

function fits(lines: string[]): boolean {
  const sizes = lines.map((line) => escapeMrkdwn(line).length + 1);
  return sizes.every((size) => size <= BLOCK) && sizes.reduce((sum, size) => sum + size, 0) <= INLINE;
}
