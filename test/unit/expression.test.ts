import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, ExpressionError, formatPath, parseTemplate, references } from '../../src/domain/plan/expression.ts';
import type { Json } from '../../src/domain/json.ts';

const context = {
  inputs: { site: 'west', count: 3, on: true, none: null },
  sites: { west: { url: 'http://w', ports: [1, 2] }, 'far east': { url: 'http://e' } },
  steps: { 'a-b': { output: { lag: 0.5 } } },
};

describe('expression', () => {
  it.each<[string, Json]>([
    ['${{ inputs.site }}', 'west'],
    ['${{inputs.count}}', 3],
    ['${{ inputs.on }}', true],
    ['${{ inputs.none }}', null],
    ['${{ sites[inputs.site].url }}/health', 'http://w/health'],
    ['${{ sites.west.ports[1] }}', 2],
    ['${{ sites.west.ports }}', [1, 2]],
    ['${{ sites.west.ports[0] }}-${{ inputs.count }}', '1-3'],
    ['${{ steps["a-b"].output.lag }}', 0.5],
    ["${{ steps['a-b'].output }}!", '{"lag":0.5}!'],
    ['${{ steps.a-b.output.lag }}', 0.5],
    ["${{ sites['far east'].url }}", 'http://e'],
    ['plain $ {{ }}', 'plain $ {{ }}'],
  ])('reads %s', (text, value) => {
    expect(evaluate(text, context)).toEqual(value);
  });

  it('goes through lists and objects and leaves keys alone', () => {
    expect(
      evaluate({ '${{ inputs.site }}': ['${{ inputs.count }}', { deep: 'to ${{ inputs.site }}' }] }, context),
    ).toEqual({
      '${{ inputs.site }}': [3, { deep: 'to west' }],
    });
  });

  it.each([
    ['${{ inputs.sit }}', 'inputs.sit does not exist: inputs has site, count, on, none, there is no "sit"'],
    ['${{ nothing.here }}', 'nothing.here does not exist: the context has inputs, sites, steps, there is no "nothing"'],
    [
      '${{ sites[inputs.count].url }}',
      'sites[inputs.count].url does not exist: sites has west, far east, there is no 3',
    ],
    [
      '${{ sites.west.ports[7] }}',
      'sites.west.ports[7] does not exist: sites.west.ports is a list of 2, there is no 7',
    ],
    ['${{ inputs.site.length }}', 'inputs.site.length does not exist: inputs.site is "west", there is no "length"'],
    ['${{ sites[inputs.none] }}', 'inputs.none is null: only text or a number can name a property'],
  ])('says what is missing in %s', (text, message) => {
    expect(() => evaluate(text, context)).toThrow(new ExpressionError(message));
  });

  it.each([
    'inputs.constructor',
    'inputs.__proto__',
    "inputs['__proto__'].polluted",
    'sites.west.ports.length',
    'toString',
  ])('sees no inherited property in %s', (path) => {
    expect(() => evaluate(`\${{ ${path} }}`, context)).toThrow(/does not exist/);
  });

  it.each([
    '${{',
    '${{ }}',
    '${{ inputs.site',
    '${{ inputs.site }',
    '${{ a + b }}',
    '${{ f(x) }}',
    '${{ a. }}',
    '${{ a[ }}',
    '${{ a[] }}',
    "${{ a['b }}",
    '${{ 1 }}',
    '${{ a || b }}',
    `\${{ ${'a['.repeat(50)}`,
  ])('refuses %s', (text) => {
    expect(() => parseTemplate(text)).toThrow(ExpressionError);
  });

  it('lists what a value would read, with paths in brackets and where they stand', () => {
    const refs = references({ run: ['x', '${{ sites[inputs.site].url }}'], env: { A: 'a ${{ steps.s.output }}' } });
    expect(refs.map(({ path, at }) => [formatPath(path), at])).toEqual([
      ['sites[inputs.site].url', ['run', 1]],
      ['inputs.site', ['run', 1]],
      ['steps.s.output', ['env', 'A']],
    ]);
  });

  it('never pastes twice: a value that looks like an expression stays text', () => {
    expect(evaluate('${{ inputs.evil }}', { inputs: { evil: '${{ inputs.secret }}', secret: 's' } })).toBe(
      '${{ inputs.secret }}',
    );
  });

  it('gives back any value that holds no expression', () => {
    const json = fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes('${{'));
    fc.assert(
      fc.property(json, (value) => {
        expect(evaluate(value as Json, {})).toEqual(value);
      }),
    );
  });

  it('reads any own property by a quoted name and prints the path so that it reads back', () => {
    const key = fc.string({ minLength: 1 }).filter((text) => !text.includes("'"));
    fc.assert(
      fc.property(key, fc.integer(), (name, value) => {
        const text = `\${{ data['${name}'] }}`;
        expect(evaluate(text, { data: Object.fromEntries([[name, value]]) })).toBe(value);
        const [part] = parseTemplate(text);
        const printed = formatPath((part as { path: never }).path);
        expect(parseTemplate(`\${{ ${printed} }}`)).toEqual([part]);
      }),
    );
  });

  it('either parses any text or refuses it with ExpressionError', () => {
    const noise = fc.array(fc.constantFrom('${{', '}}', 'a', '.', '[', ']', "'", '"', '0', ' ', '-'), {
      maxLength: 15,
    });
    fc.assert(
      fc.property(noise, (parts) => {
        try {
          parseTemplate(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });
});
