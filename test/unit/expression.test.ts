import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, ExpressionError, formatExpression, parseTemplate } from '../../src/domain/plan/expression.ts';
import { formatPath, references } from '../../src/domain/plan/references.ts';
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
    ["${{ steps['a-b'].output.lag }}", 0.5],
    ['${{ sites.*.url }}', ['http://w', 'http://e']],
    ["${{ steps.a-b.output.lag < 5 && inputs.site == 'west' }}", true],
    ["${{ inputs.site == 'WEST' }}", true],
    ["${{ inputs.count == '3' }}", true],
    ['${{ !inputs.on || inputs.none == null }}', true],
    ["${{ format('{0} of {1}', inputs.count, count(sites)) }}", '3 of 2'],
    ['${{ fromJSON(\'{"constructor":[1]}\').constructor[0] }}', 1],
    ["${{ 'it''s ''quoted'' }}' }}", "it's 'quoted' }}"],
    ['${{ sites.west.ports == sites.west.ports }}', true],
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

  it.each<[string, string, number]>([
    ['${{ inputs.sit }}', 'inputs.sit does not exist: inputs has site, count, on, none, there is no "sit"', 5],
    ['${{ inputs.Site }}', 'inputs.Site does not exist: inputs has site, count, on, none, there is no "Site"', 5],
    ['${{ inputs.on && x }}', 'x does not exist: the context has inputs, sites, steps, there is no "x"', 18],
    [
      '${{ sites[inputs.count].url }}',
      'sites[inputs.count] does not exist: sites has west, far east, there is no 3',
      5,
    ],
    [
      '${{ sites.west.ports[7] }}',
      'sites.west.ports[7] does not exist: sites.west.ports is a list of 2, there is no 7',
      5,
    ],
    ['${{ inputs.site.length }}', 'inputs.site.length does not exist: inputs.site is "west", there is no "length"', 5],
    ['${{ sites[inputs.none] }}', 'inputs.none is null: only text or a number can name a property', 11],
    [
      '${{ sites[inputs.far].url }}',
      'inputs.far does not exist: inputs has site, count, on, none, there is no "far"',
      11,
    ],
  ])('says what is missing in %s, and where', (text, message, character) => {
    expect(() => evaluate(text, context)).toThrow(
      new ExpressionError(`${message} (character ${character} of ${JSON.stringify(text)})`),
    );
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
    '${{ count() }}',
    '${{ count(1, 2) }}',
    '${{ steps["a-b"] }}',
    '${{ a. }}',
    '${{ a[ }}',
    '${{ a[] }}',
    "${{ a['b }}",
    "${{ 'a' }",
    '${{ a || }}',
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
    const key = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(key, fc.integer(), (name, value) => {
        const text = `\${{ data['${name.replaceAll("'", "''")}'] }}`;
        expect(evaluate(text, { data: Object.fromEntries([[name, value]]) })).toBe(value);
        const [part] = parseTemplate(text);
        if (!part || !('expr' in part)) throw new Error('no expression');
        const printed = formatExpression(part.expr);
        expect(evaluate(`\${{ ${printed} }}`, { data: Object.fromEntries([[name, value]]) })).toBe(value);
        expect(formatPath(references(text)[0]?.path ?? [])).toBe(printed);
      }),
    );
  });

  it('either parses any text or refuses it with ExpressionError', () => {
    const noise = fc.array(
      fc.constantFrom('${{', '}}', 'a', '.', '[', ']', "'", '"', '0', ' ', '-', '*', '(', ')', '!', '&&', 'count'),
      {
        maxLength: 15,
      },
    );
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

describe('functions', () => {
  it.each<[string, Json]>([
    ['count(inputs)', 4],
    ['count(sites.west.ports)', 2],
    ['count(sites.*)', 2],
    ["count(fromJSON('[]'))", 0],
    ["any(fromJSON('[false, 0, 1]'))", true],
    ["any(fromJSON('[]'))", false],
    ['all(fromJSON(\'[true, 1, "x"]\'))', true],
    ["all(fromJSON('[true, null]'))", false],
    ["all(fromJSON('[]'))", true],
    ["majority(fromJSON('[true, true, false]'))", true],
    ["majority(fromJSON('[true, false]'))", false],
    ["majority(fromJSON('[]'))", false],
    ['min(sites.west.ports)', 1],
    ['max(3, inputs.count, steps.a-b.output.lag)', 3],
    ["max('10', 9)", 10],
    ['sum(sites.west.ports)', 3],
    ["sum(fromJSON('[]'))", 0],
    ["duration('1h 30m')", 5_400_000],
    ['duration(inputs.count)', 3],
    ["steps.a-b.output.lag < duration('1s')", true],
    ["semver('18.2.1', '>=18 <19')", true],
    ["semver('v17.9.0', '>=18')", false],
    ["semver('18.0.0-rc.1', '>=18')", false],
    ["toJSON(sites.west.ports) == '[\n  1,\n  2\n]'", true],
  ])('%s', (expression, value) => {
    expect(evaluate(`\${{ ${expression} }}`, context)).toEqual(value);
  });

  it.each([
    ['count(inputs.site)', /count\(\) takes a list, not "west"/],
    ['any(inputs.count)', /any\(\) takes a list, not 3/],
    ["min(fromJSON('[]'))", /min\(\) of an empty list does not exist/],
    ["sum(1, 'x')", /sum\(\) takes numbers, not "x"/],
    ['max(inputs.on)', /max\(\) takes numbers, not true/],
    ["duration('soon')", /duration\(\): "soon": a duration is/],
    ["semver('new', '>=18')", /"new" is no version/],
    ["semver('18.0.0', 'new')", /"new" is no range/],
    ["fromJSON('{')", /is not JSON/],
    ["format('{1}', 1)", /more arguments than were supplied/],
  ])('%s says what is wrong with it', (expression, message) => {
    expect(() => evaluate(`\${{ ${expression} }}`, context)).toThrow(message);
    expect(() => evaluate(`\${{ ${expression} }}`, context)).toThrow(ExpressionError);
  });
});
