import { userText } from './words.ts';

/** A part of what a step printed, as the store returns it. */
export interface PrintedBlock {
  attempt: number;
  text: string;
}

/** The last lines as code, and how much there is. */
export function outputWords(run: number, step: string, blocks: readonly PrintedBlock[]): string {
  const lines = blocks.slice(-20).flatMap(({ text }) => text.split('\n'));
  const shown = userText(lines.slice(-20).join('\n').replaceAll('`', "'").slice(-2400), 2500);
  return `What step ${userText(step, 80)} of run ${run} printed last:\n\`\`\`${shown || ' '}\`\`\``;
}

/** Everything that is kept, attempt by attempt. */
export function outputFile(name: string, blocks: readonly PrintedBlock[]): { name: string; text: string } {
  let attempt = 0;
  const parts = blocks.flatMap((block) => {
    const heading = block.attempt === attempt ? [] : [`== attempt ${block.attempt} ==`];
    attempt = block.attempt;
    return [...heading, block.text];
  });
  return { name: name.replaceAll(/[^\w.-]/g, '_'), text: `${parts.join('\n')}\n` };
}
