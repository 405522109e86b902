import { join, relative } from 'node:path';
import { USUAL } from './answers.ts';
import { askAll } from './ask.ts';
import { writeEstate } from './write-estate.ts';

/** What `lifeboat init` does and prints: asks, or takes the usual answers, and writes an estate that runs. */
export async function init(
  folder: string,
  yes: boolean,
  input: NodeJS.ReadableStream,
  say: (text: string) => void,
): Promise<string> {
  const answers = yes ? USUAL : await askAll(input, say);
  const written = await writeEstate(folder, answers);
  const file = join(folder, 'estate.yaml');
  const next = [
    ...(answers.slack === ''
      ? [`Put the Slack member ID of ${answers.person} into ${file}: without it nobody may act.`]
      : []),
    `LIFEBOAT_ESTATE=${file} lifeboat doctor says what is missing for a start.`,
  ];
  return ['Written:', ...written.map((path) => `  ${relative('.', path)}`), ...next].join('\n');
}
