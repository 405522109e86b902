import { useRef, useState } from 'preact/hooks';
import type { Act, AsideState } from './aside-state.ts';
import { Empty } from './bits.tsx';
import { inOrderOfNeed } from './estate-order.ts';
import { Around } from './around.tsx';
import { healthWords } from './health-words.ts';
import { ServiceCard } from './service-card.tsx';

/** The services as they are now, and ways to break them and what is around Lifeboat. */
export function Estate({ state, act }: { state: AsideState; act: Act }) {
  const [lit, setLit] = useState<string | null>(null);
  const tiles = useRef<HTMLUListElement>(null);
  const ordered = inOrderOfNeed(state.services);
  const go = (id: string): void =>
    tiles.current?.querySelector<HTMLElement>(`[data-service="${CSS.escape(id)}"]`)?.focus();
  return (
    <div class="aside estate">
      <section aria-labelledby="estate-services">
        <h3 id="estate-services">Services of {state.estate}</h3>
        <p class="aside-lead">Real processes on this machine, those that are needed first.</p>
        <p class="aside-lead estate-health" role="status">
          {healthWords(ordered)}
        </p>
        {ordered.length === 0 && (
          <Empty title="No services run here">
            <p>The sandbox runs the services of the example estate only.</p>
          </Empty>
        )}
        <ul class="tiles" ref={tiles}>
          {ordered.map((service) => (
            <ServiceCard
              key={`${service.site}/${service.id}`}
              {...{ service, all: ordered, lit: lit === service.id, light: setLit, go, act }}
            />
          ))}
        </ul>
      </section>
      <Around surroundings={state.surroundings} act={act} />
    </div>
  );
}
