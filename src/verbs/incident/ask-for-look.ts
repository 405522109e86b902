import { intend } from '../../domain/effect/effect.ts';
import { lookPlan, type LookPlan } from '../../domain/health/look-plan.ts';
import { recoveredServices } from '../../store/run/runs.ts';
import { changeIncident, type VerbDeps } from '../context.ts';

/** Looks that were asked for: the effect that does each, and where. */
export interface AskedLooks extends Omit<LookPlan, 'groups'> {
  asked: { key: string; site: string | null; services: string[] }[];
}

/** Asks workers to run the checks of an incident's services; asking twice with one `nonce` looks once. */
export async function askForLook(deps: VerbDeps, id: number, nonce: string): Promise<AskedLooks> {
  const looks: AskedLooks = { needed: [], unchecked: [], asked: [] };
  await changeIncident(deps, id, null, async ({ tx, incident }) => {
    const { groups, ...plan } = lookPlan(deps.estate(), incident, await recoveredServices(tx, id));
    const asked = groups.map((group) => ({ ...group, key: `look:${id}:${nonce}:${group.site ?? ''}` }));
    Object.assign(looks, plan, { asked });
    const effects = asked.map(({ key, site, services }) =>
      intend('health.look', key, { incident: id, services }, site === null ? {} : { site }),
    );
    return { events: [], effects };
  });
  return looks;
}
