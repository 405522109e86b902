import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Runbook } from '../../src/domain/estate/model.ts';
import { references } from '../../src/domain/plan/references.ts';
import { resolveExpressions, planContext } from '../../src/domain/plan/resolve.ts';
import type { Json, JsonObject } from '../../src/domain/json.ts';
import { planRunbook } from '../../src/domain/plan/plan.ts';
import type { Plan } from '../../src/domain/run/model.ts';
import { LifeboatError } from '../../src/runtime/errors.ts';
import { anEstate, aRunbook, aService, aStep } from '../support/domain-fixtures.ts';

const inputs: Runbook['inputs'] = {
  where: { type: 'site', default: 'east' },
  host: { type: 'string', default: 'a.example.com' },
  tries: { type: 'number', default: 2 },
  force: { type: 'boolean', default: false },
  service: { type: 'service', default: 'api' },
};

/** The plan of a runbook with one command whose arguments are these. */
function planOf(run: string[], given: Record<string, string> = {}): Plan {
  const steps = [aStep('look'), aStep('act', { uses: 'command', with: { run }, needs: ['look'] })];
  const services = { api: aService({ site: 'east' }) };
  return planRunbook(anEstate({ services, runbooks: { fix: aRunbook('fix', { inputs, steps }) } }), 'fix', given);
}
const frozen = (run: string[], given?: Record<string, string>): Json =>
  planOf(run, given).steps[1]!.with['run'] ?? null;

describe('freezing a plan', () => {
  it.each<[string, Json]>([
    ['${{ inputs.host }}:${{ sites.east.port }}', 'a.example.com:8081'],
    ['${{ sites[inputs.where].url }}', 'http://127.0.0.1:1'],
    ['${{ sites.east.port }}', 8081],
    ['${{ sites.west }}', { role: 'standby' }],
    ['${{services.api.owner}} of ${{ estate.name }}', 'on-call of shop'],
    ['${{ services[inputs.service].site }}', 'east'],
    ['${{ inputs.force }}', false],
    ['$ {{ inputs.host }} $$', '$ {{ inputs.host }} $$'],
  ])('puts in what is known: %s', (text, value) => {
    expect(frozen([text])).toEqual([value]);
  });

  it.each([
    ['${{ steps.look.output.lag }}', '${{ steps.look.output.lag }}'],
    ['${{ incident.title }} in ${{ inputs.where }}', '${{ incident.title }} in east'],
    ['${{ sites[steps.look.output.site].url }}', '${{ sites[steps.look.output.site].url }}'],
    ['${{ steps.look.output[inputs.host] }}', "${{ steps.look.output['a.example.com'] }}"],
    ["${{ steps.look.output['it''s'] }}", "${{ steps.look.output['it''s'] }}"],
    ['${{ !(steps.look.output.lag < sites.east.port) }}', '${{ !(steps.look.output.lag < 8081) }}'],
    [
      "${{ format('{0}', steps.look.output.lag, inputs.host) }}",
      "${{ format('{0}', steps.look.output.lag, 'a.example.com') }}",
    ],
    ['${{ sites[steps.look.output.site][inputs.where] }}', '${{ sites[steps.look.output.site].east }}'],
    [
      '${{ steps.look.output[sites.east.role][incident.severity] }}',
      '${{ steps.look.output.primary[incident.severity] }}',
    ],
  ])('leaves what only a run knows: %s', (text, left) => {
    expect(frozen([text])).toEqual([left]);
  });

  it.each([
    [['${{ inputs.host }}'], '${{ steps.look.output }}'],
    [['$${{ inputs.host }}'], '{{ steps.look.output }}'],
    [['$${{ inputs.host }}', '${{ steps.look.output }}'], '{{ incident.title }}'],
    [['${{ inputs.host }} ${{ inputs.host }}${{ inputs.host }}'], '{{ x }}$'],
    [['${{ sites[inputs.host].url }}'], 'nowhere'],
    [['${{ steps.look.output[inputs.where] }} $${{ inputs.host }}'], '{{ incident.title }}'],
  ])('refuses %j with an input that would be read as more than data: %s', (run, host) => {
    try {
      frozen(run, { host });
    } catch (error) {
      if (!(error instanceof LifeboatError)) throw error;
      expect([error.code, error.fix]).toEqual(['invalid', expect.any(String)]);
      return;
    }
    throw new Error('it was not refused');
  });

  it('keeps any text of a person as it is, whatever stands around it', () => {
    const nasty = fc.array(
      fc.constantFrom('$', '{', '{{', '}}', ' steps.look.output ', "'", '"', ']', '.', 'a', '\\', '\n'),
    );
    const around = fc.constantFrom('', '$', '{', '${', ' ', '}}');
    fc.assert(
      fc.property(nasty, around, around, (pieces, before, after) => {
        const host = pieces.join('');
        const text = `${before}\${{ inputs.host }}${after} \${{ steps.look.output['x'] }}`;
        let left: Json;
        try {
          left = frozen([text], { host });
        } catch (error) {
          expect(error).toBeInstanceOf(LifeboatError);
          return;
        }
        expect(left).toEqual([`${before}${host}${after} \${{ steps.look.output.x }}`]);
        expect(references(left)).toHaveLength(1);
      }),
      { numRuns: 2000 },
    );
  });

  it('names a value by any text of a person and by nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("'", '"', ']', '[', '.', 'a', '0', ' ', '}', '$') }), (name) => {
        const context = planContext(anEstate(), { name });
        let left: Json;
        try {
          left = resolveExpressions('${{ steps.look.output[inputs.name] }}', context, (step) => step);
        } catch (error) {
          expect(error).toBeInstanceOf(LifeboatError);
          return;
        }
        const [reference, ...more] = references(left);
        expect(more).toEqual([]);
        expect(reference?.path.map((segment) => 'key' in segment && segment.key)).toEqual([
          'steps',
          'look',
          'output',
          name,
        ]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('inputs', () => {
  it.each([
    ['tries', '2.5', 2.5],
    ['tries', '-1', -1],
    ['force', 'true', true],
    ['where', 'west', 'west'],
    ['host', '', ''],
  ])('reads %s=%s by its type', (name, text, value) => {
    expect(planOf([], { [name]: text }).inputs[name]).toBe(value);
  });

  it.each([
    ['tries', 'two', /a number/],
    ['tries', ' ', /a number/],
    ['tries', 'Infinity', /a number/],
    ['force', 'yes', /`true` or `false`/],
    ['where', 'mars', /a site: east, west/],
    ['where', 'toString', /a site/],
    ['service', 'constructor', /a service: api/],
    ['nope', '1', /its inputs: where, host/],
    ['__proto__x', '1', /its inputs/],
  ])('refuses %s=%s and says what would do', (name, text, fix) => {
    expect(() => planOf([], { [name]: text })).toThrow(
      expect.objectContaining({ code: 'invalid', fix: expect.stringMatching(fix) }) as Error,
    );
  });

  it('asks for what has no default, and knows its runbooks', () => {
    const needy = aRunbook('needy', { inputs: { host: { type: 'string' } } });
    const estate = anEstate({ runbooks: { needy } });
    expect(() => planRunbook(estate, 'needy', {})).toThrow('needs the input `host`');
    const greedy = aRunbook('greedy', { inputs: { host: { type: 'string' }, port: { type: 'number' } } });
    expect(() => planRunbook(anEstate({ runbooks: { greedy } }), 'greedy', {})).toThrow(
      expect.objectContaining({
        message: 'runbook `greedy` needs the inputs `host`, `port`',
        fix: 'add `host=<string>` `port=<number>`',
      }) as Error,
    );
    expect(() => planRunbook(estate, 'toString', {})).toThrow(
      expect.objectContaining({ code: 'not_found', fix: 'known: needy' }) as Error,
    );
  });
});

describe('a digest', () => {
  it('is the same for the same plan and another for any difference', () => {
    const base = planOf(['a', 'b']);
    expect(planOf(['a', 'b']).digest).toBe(base.digest);
    const others = [planOf(['b', 'a']), planOf(['a b']), planOf(['a', 'b'], { host: 'b' }), planOf(['a', 'b', ''])];
    expect(new Set([base, ...others].map((plan) => plan.digest)).size).toBe(5);
    expect(base.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on the order in which things are written down, and sees every value', () => {
    const ordered = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(ordered, fc.string(), (body, key) => {
        const plan = (input: JsonObject): string => {
          const steps = [aStep('act', { uses: 'http', with: { body: input } })];
          return planRunbook(anEstate({ runbooks: { fix: aRunbook('fix', { steps }) } }), 'fix', {}).digest;
        };
        fc.pre(!JSON.stringify([body, key]).includes('${{') && !Object.hasOwn(body, key));
        const turned = Object.fromEntries(Object.entries(body).reverse());
        expect(plan(turned)).toBe(plan(body));
        expect(plan({ ...body, [key]: 'more' })).not.toBe(plan(body));
      }),
    );
  });
});

describe('clean-up', () => {
  it('comes in an order in which each step comes after its needs', () => {
    const last = [aStep('report', { needs: ['sweep'] }), aStep('lock'), aStep('sweep')];
    const estate = anEstate({ runbooks: { fix: aRunbook('fix', { finally: last }) } });
    expect(planRunbook(estate, 'fix', {}).finally.map((step) => step.id)).toEqual(['lock', 'sweep', 'report']);
  });
});
