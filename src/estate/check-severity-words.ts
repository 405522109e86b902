import { SEVERITIES, type Estate, type SeverityId } from '../domain/estate/model.ts';
import { key } from '../domain/estate/typed-severity.ts';
import type { Problem } from './problem.ts';
import type { Path, Source } from './source.ts';

const RULE = 'a word means one severity, whatever its case and dashes';

/** Adds a problem for each word that two severities claim: nobody could tell which one somebody types. */
export function checkSeverityWords({ severities }: Estate, source: Source, problems: Problem[]): void {
  const owners = new Map<string, SeverityId>(SEVERITIES.map((id) => [key(id), id]));
  const claim = (id: SeverityId, word: string, path: Path): void => {
    const other = owners.get(key(word));
    owners.set(key(word), other ?? id);
    if (other === undefined || other === id) return;
    const message = `"${word}" of ${id} means ${other} already`;
    problems.push(source.problem(path, { message, rule: RULE, fix: 'take it out of one of the two' }));
  };
  for (const id of SEVERITIES) claim(id, severities[id].name, ['severities', id, 'name']);
  for (const id of SEVERITIES) {
    for (const [index, word] of (severities[id].aliases ?? []).entries())
      claim(id, word, ['severities', id, 'aliases', index]);
  }
}
