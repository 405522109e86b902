import { loadEstate } from '../estate/load.ts';
import { formatProblem } from '../estate/problem.ts';
import type { Estate } from '../domain/estate/model.ts';
import type { Config } from '../runtime/config.ts';
import { examineChecks } from './checks.ts';
import { examineDatabase } from './database.ts';
import { formatFinding, ok, wrong, type Finding } from './finding.ts';
import { examinePagerDuty } from './pagerduty.ts';
import { examineSlack } from './slack.ts';
import { examineWorkers } from './workers.ts';

/**
 * Looks at everything that a start needs and says each thing on a line; true when nothing is wrong. It changes and posts
 * nothing, and pages nobody.
 */
export async function examine(config: Config, say: (line: string) => void): Promise<boolean> {
  const found: Finding[] = [];
  const tell = (findings: readonly Finding[]): void => {
    found.push(...findings);
    for (const finding of findings) say(formatFinding(finding));
  };
  const { estate, finding } = await examineEstate(config);
  tell([finding]);
  const database = examineDatabase(config);
  const [slack, pagerduty, checks] = [
    examineSlack(config, estate),
    examinePagerDuty(config, estate),
    examineChecks(estate),
  ];
  const all = Promise.all([slack, pagerduty, checks]);
  const { findings, look } = await database;
  tell(findings);
  await all;
  tell(await slack);
  tell(await pagerduty);
  tell(examineWorkers(look, estate));
  tell(await checks);
  const bad = found.filter(({ state }) => state === 'wrong').length;
  say(bad === 0 ? 'Nothing is wrong.' : `${bad} of ${found.length} wrong.`);
  return bad === 0;
}

async function examineEstate(config: Config): Promise<{ estate?: Estate; finding: Finding }> {
  const { estate: file, exampleEstate, realAccounts, pagerduty } = config;
  const loaded = await loadEstate(file, undefined, { pagerduty });
  if (!loaded.ok) {
    const [first] = loaded.problems;
    const what = first === undefined ? file : formatProblem(first);
    const fix = `\`lifeboat check ${file}\` lists all ${loaded.problems.length}`;
    return { finding: wrong('estate', what.replace(/\.$/, ''), fix) };
  }
  const { estate, warnings } = loaded;
  if (exampleEstate && realAccounts.length > 0) {
    const what = `LIFEBOAT_ESTATE is not set beside ${realAccounts.join(', ')}, so a start is refused`;
    return { estate, finding: wrong('estate', what, 'set it to your estate; `lifeboat init` writes a first one') };
  }
  const more =
    warnings.length === 0
      ? ''
      : `, with ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'} (lifeboat check)`;
  return { estate, finding: ok('estate', `${file} is in order${more}`) };
}
