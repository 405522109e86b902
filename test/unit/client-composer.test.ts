import { describe, expect, test } from 'vitest';
import { applyOption, complete, type Completion } from '@lifeboat/sandbox/client/composer/completion';
import { encodeCommand, encodeMessage } from '@lifeboat/sandbox/client/composer/encode';
import { fromSnapshot } from '@lifeboat/sandbox/client/state/client-state';
import { aSnapshot } from '../support/client-facts.ts';

const { users, channels, commands } = fromSnapshot(aSnapshot());
const words = { users, commands, emojiNames: ['eyes', 'white_check_mark', 'eyeglasses', 'check'] };
const at = (text: string, caret = text.length) => complete(text, caret, words);
const labels = (completion: Completion | null) => completion?.options.map(({ label }) => label);

/** What Enter makes of a text. */
function taken(text: string): string {
  const completion = at(text);
  const first = completion?.options[0];
  return completion && first ? applyOption(text, completion, first).text : text;
}

describe('what the composer offers', () => {
  test('is /dr after a slash, and nothing for other commands', () => {
    expect(labels(at('/'))).toEqual(['/dr']);
    expect(taken('/d')).toBe('/dr ');
    expect(at('/remind')).toBeNull();
    expect(at('and/or')).toBeNull();
  });

  test('is every verb after /dr, then those that begin like what was typed', () => {
    expect(labels(at('/dr '))).toEqual(['declare', 'deny', 'status']);
    expect(at('/dr ')?.eager).toBe(false);
    expect(labels(at('/dr de'))).toEqual(['declare', 'deny']);
    expect(at('/dr de')?.eager).toBe(true);
    expect(taken('/dr sta')).toBe('/dr status ');
    expect(at('/dr nonsense')).toBeNull();
  });

  test('is how a verb is used, with examples that Enter does not take', () => {
    const usage = at('/dr declare ');
    expect(usage?.hint?.usage).toBe('/dr declare [P0–P3] title…');
    expect(labels(usage)).toEqual(['/dr declare P0 Power lost', '/dr declare P2 Slow']);
    expect(usage?.eager).toBe(false);
    expect(labels(at('/dr declare P2'))).toEqual(['/dr declare P2 Slow']);
    expect(at('/dr status')?.options).toEqual([]);
  });

  test('is people after an @, wherever it stands', () => {
    expect(labels(at('ask @be'))).toEqual(['Ben Okoro']);
    expect(labels(at('ask @oko'))).toEqual(['Ben Okoro']);
    expect(taken('/dr role commander @an')).toBe('/dr role commander @ana ');
    expect(at('mail ana@example')).toBeNull();
  });

  test('is emoji after a colon and two letters', () => {
    expect(labels(at('look :ey'))).toEqual([':eyes:', ':eyeglasses:']);
    expect(labels(at(':check'))).toEqual([':check:', ':white_check_mark:']);
    expect(at('at 10:15')).toBeNull();
  });

  test('leaves alone what stands behind the caret', () => {
    const completion = at('ask @be now', 7);
    const first = completion?.options[0];
    expect(completion && first && applyOption('ask @be now', completion, first)).toEqual({
      text: 'ask @ben  now',
      caret: 9,
    });
  });
});

describe('what is sent', () => {
  test('names people and channels by their ids, and links in brackets', () => {
    expect(encodeMessage('@ana see #general, then https://example.com/a.', { users, channels })).toBe(
      '<@U1> see <#C1|general>, then <https://example.com/a>.',
    );
    expect(encodeMessage('Thanks @ben. @nobody @here', { users, channels })).toBe('Thanks <@U2>. @nobody <!here>');
  });

  test('keeps signs that mean something to Slack as signs', () => {
    expect(encodeMessage('a < b && <@U1>', { users, channels })).toBe('a &lt; b &amp;&amp; &lt;@U1&gt;');
  });

  test('leaves the words of a command as they are, but for people', () => {
    expect(encodeCommand('role commander @Ana', users)).toBe('role commander <@U1>');
    expect(encodeCommand('note see #general https://example.com', users)).toBe('note see #general https://example.com');
  });
});
