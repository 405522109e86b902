/** Each node with the nodes that it needs; a need that is no node itself is ignored. */
export type Graph = ReadonlyMap<string, readonly string[]>;

export type Sorted = { ok: true; order: string[]; levels: string[][] } | { ok: false; cycle: string[] };

/**
 * Orders the nodes so that each comes after its needs, in their given order where both may come first (Kahn).
 * `levels[n]` holds the nodes whose longest chain of needs has n links. `cycle` starts and ends with the same node.
 */
export function sortGraph(graph: Graph): Sorted {
  const open = new Map([...graph].map(([node, needs]) => [node, knownNeeds(graph, needs).length]));
  const dependents = dependentsOf(graph);
  const levels: string[][] = [];
  let level = [...graph.keys()].filter((node) => open.get(node) === 0);
  while (level.length > 0) {
    levels.push(level);
    const next: string[] = [];
    for (const node of level) {
      for (const dependent of dependents.get(node) ?? []) {
        const left = (open.get(dependent) ?? 0) - 1;
        open.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    level = next;
  }
  const order = levels.flat();
  return order.length === graph.size ? { ok: true, order, levels } : { ok: false, cycle: cycleAmong(graph, open) };
}

/** Each node with the nodes that need it. */
export function dependentsOf(graph: Graph): Map<string, string[]> {
  const dependents = new Map<string, string[]>([...graph.keys()].map((node) => [node, []]));
  for (const [node, needs] of graph) for (const need of knownNeeds(graph, needs)) dependents.get(need)?.push(node);
  return dependents;
}

/** Everything that `node` needs, directly or through others; without the node itself unless it lies on a cycle. */
export function ancestorsOf(graph: Graph, node: string): Set<string> {
  const found = new Set<string>();
  const open = [node];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const need of knownNeeds(graph, graph.get(current) ?? [])) {
      if (found.has(need)) continue;
      found.add(need);
      open.push(need);
    }
  }
  return found;
}

/** Of the nodes left over by the sort each has a need that is left over too: walking along them must meet itself. */
function cycleAmong(graph: Graph, open: ReadonlyMap<string, number>): string[] {
  const left = (node: string): boolean => (open.get(node) ?? 0) > 0;
  const path: string[] = [];
  const seen = new Map<string, number>();
  let node = [...graph.keys()].find(left);
  while (node !== undefined && !seen.has(node)) {
    seen.set(node, path.length);
    path.push(node);
    node = graph.get(node)?.find(left);
  }
  return node === undefined ? path : [...path.slice(seen.get(node)), node];
}

function knownNeeds(graph: Graph, needs: readonly string[]): string[] {
  return [...new Set(needs)].filter((need) => graph.has(need));
}
