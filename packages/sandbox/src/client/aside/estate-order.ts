import type { ServiceTile } from '../../page/protocol.ts';

/** Services behind what they need, otherwise in the order given; a ring of needs keeps that order too. */
export function inOrderOfNeed(services: readonly ServiceTile[]): ServiceTile[] {
  const placed = new Set<ServiceTile>();
  const place = (service: ServiceTile, above: readonly string[]): void => {
    if (placed.has(service) || above.includes(service.id)) return;
    for (const need of service.depends_on) {
      for (const other of services) if (other.id === need) place(other, [...above, service.id]);
    }
    placed.add(service);
  };
  for (const service of services) place(service, []);
  return [...placed];
}
