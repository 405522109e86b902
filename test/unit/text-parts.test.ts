import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needReason, needShort } from '../../src/domain/text/limits.ts';
import { splitText } from '../../src/domain/text/parts.ts';
import { firstPart, laterPart } from '../../templates/words.ts';

const bare = (text: string): string => text.replaceAll(/\s+/g, '');

test('a text that fits is one part; a longer one breaks between lines, else words, and loses nothing', () => {
  expect(splitText(' short ')).toEqual(['short']);
  expect(splitText('')).toEqual([]);
  expect(splitText('aaaa bbbb\ncccc dddd', 12)).toEqual(['aaaa bbbb', 'cccc dddd']);
  expect(splitText('aaaa bbbb cccc', 11)).toEqual(['aaaa bbbb', 'cccc']);
  expect(splitText('x'.repeat(25), 10)).toEqual(['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
});

test('code that is parted stays code', () => {
  const [first = '', second = ''] = splitText(`Log:\n\`\`\`\n${'line\n'.repeat(8)}\`\`\``, 40);
  expect(first.split('```').length % 2).toBe(1);
  expect(second).toMatch(/^```\n/);
});

test('whatever is typed, its parts are all of it, and each fits into one block as it is sent', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '&', '<', '@channel', '🚨', 'e\u0301', '`', '👩‍👧'),
    maxLength: 6000,
  });
  fc.assert(
    fc.property(text, (typed) => {
      const parts = splitText(typed);
      expect(bare(parts.join('')).replaceAll('```', '')).toBe(bare(typed).replaceAll('```', ''));
      for (const [index, part] of parts.entries()) {
        const shown = index === 0 ? firstPart(part) : laterPart(part);
        expect(shown.length).toBeLessThanOrEqual(3000);
        expect(shown).not.toContain('…');
      }
    }),
    { numRuns: 60 },
  );
});

test('what is too long is refused with its length, the limit and the way', () => {
  expect(() => needShort('x'.repeat(12_001), 'the update', 12_000, 'post it in several updates')).toThrow(
    expect.objectContaining({
      message: 'the update has 12,001 characters',
      fix: 'at most 12,000: post it in several updates',
    }) as Error,
  );
  needShort('x'.repeat(12_000), 'the update', 12_000, '');
  needReason(null);
  expect(() => needReason('x'.repeat(501))).toThrow('the reason has 501 characters');
});
