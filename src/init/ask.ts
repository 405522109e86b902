import { createInterface } from 'node:readline';
import { LifeboatError } from '../runtime/errors.ts';
import { QUESTIONS, USUAL, type Answers } from './answers.ts';

/** Asks each question on a terminal or of a pipe until its answer will do; an empty line takes what stands in brackets. */
export async function askAll(input: NodeJS.ReadableStream, say: (text: string) => void): Promise<Answers> {
  const reader = createInterface({ input });
  const lines = reader[Symbol.asyncIterator]();
  const answers = { ...USUAL };
  try {
    for (const { key, ask, usual, problem } of QUESTIONS) {
      for (;;) {
        say(`${ask} [${usual}] `);
        const next = await lines.next();
        if (next.done === true) throw new LifeboatError('invalid', 'the answers ended, so nothing was written', ENOUGH);
        const answer = next.value.trim() === '' ? usual : next.value.trim();
        const wrong = problem(answer);
        answers[key] = answer;
        if (wrong === null) break;
        say(`  ${JSON.stringify(answer)} will not do: ${wrong}.\n`);
      }
    }
  } finally {
    reader.close();
  }
  return answers;
}

const ENOUGH = `answer all ${QUESTIONS.length} questions, or take the usual answers with --yes`;
