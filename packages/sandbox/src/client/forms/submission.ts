import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { GestureAnswer } from '../../page/protocol.ts';
import type { SlackView } from '@lifeboat/stand-ins/slack/state';
import type { Entered } from '../blocks/element-value.ts';
import { textAt } from '../blocks/read.ts';
import { problemsOf, valuesOf, type Draft } from './form-values.ts';

type Errors = Readonly<Partial<Record<string, string>>>;

interface Submission {
  send: () => void;
  sending: boolean;
  /** What is wrong, by block id. */
  errors: Errors;
  /** What is wrong with no field in particular; else empty. */
  trouble: string;
  /** The person is mending this field. */
  forget: (block_id: string) => void;
}

const LOST = 'The form did not get through. What you wrote is still here: try again.';

/** Sends a form once at a time, and shows what was wrong with it: at the fields, the first of which gets the focus. */
export function useSubmission(
  view: SlackView,
  draft: Draft,
  submit: (values: Record<string, Entered>) => Promise<GestureAnswer>,
  form: RefObject<HTMLFormElement | null>,
): Submission {
  const [sending, setSending] = useState(false);
  const [errors, setErrors] = useState<Errors>({});
  const [trouble, setTrouble] = useState('');
  const flying = useRef(false);
  const wrong = useRef(false);
  useLayoutEffect(() => {
    if (!wrong.current || sending) return;
    wrong.current = false;
    form.current?.querySelector<HTMLElement>('.form-wrong :is(input, textarea):not([disabled])')?.focus();
  }, [errors, sending]);

  const show = (found: Record<string, string>, words: string): void => {
    const fields = new Set(view.blocks.map((block) => textAt(block, 'block_id')));
    const stray = Object.keys(found).filter((name) => !fields.has(name));
    wrong.current = true;
    setErrors(found);
    setTrouble([words, ...stray.map((name) => found[name] ?? '')].filter(Boolean).join(' '));
  };
  const send = async (): Promise<void> => {
    if (flying.current) return;
    const problems = problemsOf(view, draft);
    if (Object.keys(problems).length > 0) return show(problems, '');
    flying.current = true;
    setSending(true);
    show({}, '');
    const answer = await submit(valuesOf(view, draft)).catch((): GestureAnswer => ({ ok: false, error: LOST }));
    flying.current = false;
    setSending(false);
    const found = answer.errors ?? {};
    const silent = !answer.ok && Object.keys(found).length === 0;
    show(found, answer.error ?? (silent ? LOST : ''));
  };
  const forget = (block_id: string): void => {
    setErrors(({ [block_id]: _mended, ...others }) => others);
  };
  return { send: () => void send(), sending, errors, trouble, forget };
}
