import { useState } from 'preact/hooks';
import type { GestureAnswer } from '../../page/protocol.ts';
import { usePage } from '../app/page.ts';
import { errorWords } from '../state/error-words.ts';
import { encodeCommand, encodeMessage } from './encode.ts';

/** Sends what was typed. `waiting` counts commands without an answer yet; `problem` is what went wrong last. */
export function useSending(channel: string, thread: string | undefined) {
  const { client, actQuietly } = usePage();
  const [waiting, setWaiting] = useState(0);
  const [problem, setProblem] = useState('');

  /** Resolves with what is wrong where the words should come back, else with null. */
  const send = async (text: string): Promise<string | null> => {
    setProblem('');
    const directory = client.value;
    if (directory === null) return tell('The sandbox cannot be reached. Is it still running?');
    const [, command, words = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    if (command === undefined) {
      const said = encodeMessage(text, directory);
      return answered(
        await actQuietly({ do: 'say', channel, text: said, ...(thread === undefined ? {} : { thread }) }),
      );
    }
    const refusal = refuse(command, thread);
    if (refusal !== null) return tell(refusal);
    setWaiting((count) => count + 1);
    const answer = await actQuietly({ do: 'command', channel, command, text: encodeCommand(words, directory.users) });
    setWaiting((count) => count - 1);
    return answered(answer);
  };

  const tell = (words: string): string => {
    setProblem(words);
    return words;
  };
  const answered = ({ ok, error }: GestureAnswer): string | null => (ok ? null : tell(errorWords(error)));
  return { send, waiting, problem, clear: () => setProblem('') };
}

function refuse(command: string, thread: string | undefined): string | null {
  if (command !== '/dr') return `There is no command ${command}. Lifeboat listens to /dr; try /dr help.`;
  return thread === undefined ? null : 'Slack takes no commands in threads. Type it in the channel.';
}
