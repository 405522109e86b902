import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestorsOf, dependentsOf, sortGraph, type Graph } from '../../src/domain/plan/graph.ts';

const graph = (edges: Record<string, string[]>): Graph => new Map(Object.entries(edges));

/** Graphs without cycles: a node needs only nodes with a smaller number, and the nodes are listed in any order. */
const acyclic = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 40 })
  .chain((rows) =>
    fc.shuffledSubarray(
      rows.map((needs, n): [string, string[]] => [`n${n}`, n === 0 ? [] : needs.map((need) => `n${need % n}`)]),
      { minLength: rows.length },
    ),
  )
  .map((entries) => new Map(entries));

describe('graph', () => {
  it('puts needs first and keeps the given order otherwise', () => {
    expect(sortGraph(graph({ c: ['a'], b: [], a: [], d: ['c', 'b'] }))).toEqual({
      ok: true,
      order: ['b', 'a', 'c', 'd'],
      levels: [['b', 'a'], ['c'], ['d']],
    });
  });

  it('shows the cycle and not the nodes that merely hang on it', () => {
    expect(sortGraph(graph({ x: ['a'], a: ['b'], b: ['c'], c: ['a'], free: [] }))).toEqual({
      ok: false,
      cycle: ['a', 'b', 'c', 'a'],
    });
    expect(sortGraph(graph({ self: ['self'] }))).toEqual({ ok: false, cycle: ['self', 'self'] });
  });

  it('ignores repeated and unknown needs', () => {
    const doubled = graph({ a: ['b', 'b', 'nowhere'], b: [] });
    expect(sortGraph(doubled)).toMatchObject({ ok: true, order: ['b', 'a'] });
    expect(dependentsOf(doubled).get('b')).toEqual(['a']);
  });

  it('knows all that a node needs and all that need it', () => {
    const diamond = graph({ top: [], left: ['top'], right: ['top'], end: ['left', 'right'], other: [] });
    expect([...ancestorsOf(diamond, 'end')].sort()).toEqual(['left', 'right', 'top']);
    expect([...ancestorsOf(diamond, 'top')]).toEqual([]);
    expect(dependentsOf(diamond).get('top')).toEqual(['left', 'right']);
  });

  it('orders any graph without cycles with every need first, each level as early as possible', () => {
    fc.assert(
      fc.property(acyclic, (nodes) => {
        const sorted = sortGraph(nodes);
        if (!sorted.ok) throw new Error(`called ${sorted.cycle.join(' → ')} a cycle`);
        const place = new Map(sorted.order.map((node, index) => [node, index]));
        const level = new Map(sorted.levels.flatMap((names, index) => names.map((name) => [name, index] as const)));
        expect(sorted.order.length).toBe(nodes.size);
        for (const [node, needs] of nodes) {
          for (const need of needs) expect(place.get(need)!).toBeLessThan(place.get(node)!);
          expect(level.get(node)).toBe(Math.max(-1, ...needs.map((need) => level.get(need)!)) + 1);
        }
      }),
    );
  });

  it('finds a true cycle whenever one is closed', () => {
    fc.assert(
      fc.property(acyclic, fc.nat(), (nodes, pick) => {
        const names = [...nodes.keys()];
        const end = names[pick % names.length]!;
        const start = [...ancestorsOf(nodes, end)][0] ?? end;
        nodes.set(start, [...nodes.get(start)!, end]);
        const sorted = sortGraph(nodes);
        if (sorted.ok) throw new Error('missed the cycle');
        expect(sorted.cycle[0]).toBe(sorted.cycle.at(-1));
        for (let n = 0; n + 1 < sorted.cycle.length; n += 1) {
          expect(nodes.get(sorted.cycle[n]!)).toContain(sorted.cycle[n + 1]);
        }
      }),
    );
  });

  it('sorts a chain of a hundred thousand without running out of stack', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, n): [string, string[]] => [`n${n}`, [`n${n - 1}`]]));
    expect(sortGraph(chain)).toMatchObject({ ok: true });
    expect(ancestorsOf(chain, 'n99999').size).toBe(99_999);
  });
});
