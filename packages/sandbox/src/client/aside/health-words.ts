import type { ServiceTile } from '../../page/protocol.ts';

/** How the services are, and which of them only suffer because others are ill. */
export function healthWords(services: readonly ServiceTile[]): string {
  const seen = services.filter(({ health }) => health !== 'unknown');
  if (seen.length < services.length) return `${seen.length} of ${services.length} were looked at since the start.`;
  const ill = services.filter(({ health }) => health !== 'up');
  if (ill.length === 0) return services.length === 0 ? '' : 'All are healthy.';
  const causes = ill.filter((each) => !each.depends_on.some((need) => ill.some(({ id }) => id === need)));
  const suffer = ill.filter((each) => !causes.includes(each));
  const first = `${listed(causes)} ${causes.length === 1 ? 'is' : 'are'} not healthy.`;
  if (suffer.length === 0) return first;
  const need = causes.length === 1 ? `needs ${names(causes)[0]}` : 'needs one of them';
  const verb = suffer.length === 1 ? need : need.replace('needs', 'need');
  return `${first} ${listed(suffer)} ${verb}, directly or through another, and ${suffer.length === 1 ? 'suffers' : 'suffer'} with ${causes.length === 1 ? 'it' : 'them'}.`;
}

const names = (services: readonly ServiceTile[]): string[] => services.map(({ name }) => name);

function listed(services: readonly ServiceTile[]): string {
  const all = names(services);
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
