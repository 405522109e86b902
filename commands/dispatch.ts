import { kindOf, label } from '../src/domain/incident/subject.ts';
import { LifeboatError } from '../src/runtime/errors.ts';
import type { Answer, Invocation } from '../src/ports/edge.ts';
import { commands } from './index.ts';
import type { Command, CommandDeps } from './command.ts';
import { needMember } from './member.ts';
import { needResponder } from './responder.ts';
import { inWords, readTyped } from './typed.ts';
import { didYouMean, firstWord, takeIncident, verbOf } from './words.ts';

/** Finds the command that was typed and runs it; throws a LifeboatError that says the fix. */
export async function dispatch(invocation: Invocation, deps: CommandDeps): Promise<Answer> {
  const name = verbOf(firstWord(readTyped(invocation.text))[0]) || 'help';
  const command = commands.find((each) => each.name === name || each.aliases?.includes(name));
  if (!command) {
    const known = commands.flatMap((each) => [each.name, ...(each.aliases ?? [])]);
    throw new LifeboatError(
      'not_found',
      `there is no command \`${name}\``,
      `${didYouMean(name, known)} \`/dr help\` lists all`,
    );
  }
  const text = wordsFor(command, invocation.text, deps);
  const { named, rest } = command.words === 'whole' ? { named: null, rest: text } : takeIncident(text);
  const { key, actor, channel } = invocation;
  if (command.who === 'responder') needResponder(deps.estate(), actor, command.name);
  if (command.who === 'member') await needMember(deps, actor, command.name, { urgent: command.name === 'declare' });
  const mentioned = named !== null && command.words === 'free';
  const answer = await command.run({ request: { key, actor }, args: rest, named, mentioned, channel }, deps);
  return named !== null && kindOf(named) === 'drill' ? markDrill(answer, named) : answer;
}

/** What was typed after the verb: a sentence, or names and values. */
function wordsFor({ words, people }: Command, typed: string, { estate }: CommandDeps): string {
  const [, text] = firstWord(readTyped(typed, { links: words === undefined ? 'address' : 'words' }));
  return words === undefined || people ? text : inWords(text, estate());
}

/** "Paging Ana" alone would claim more than a drill does; answers with blocks mark it themselves. */
function markDrill(answer: Answer, drill: number): Answer {
  if (answer.kind !== 'message' || answer.blocks) return answer;
  return { ...answer, text: `${answer.text}\n:test_tube: ${label(drill)} is a drill: nothing of it leaves Lifeboat.` };
}
