import type { ServiceTile } from '../../page/protocol.ts';
import type { Act } from './aside-state.ts';
import { BreakMenu } from './break-menu.tsx';
import { Remedy } from './remedy.tsx';
import { useBusy } from './use-busy.ts';

interface Props {
  service: ServiceTile;
  all: readonly ServiceTile[];
  /** Whether somebody points at a service that needs this one. */
  lit: boolean;
  light: (id: string | null) => void;
  /** Leads to a service. */
  go: (id: string) => void;
  act: Act;
}

const HEALTH = { up: 'Healthy', degraded: 'Degraded', down: 'Down', unknown: 'Unknown' } as const;

/** One service: how it is, what it needs, how to break it, and how it comes back. */
export function ServiceCard({ service, all, lit, light, go, act }: Props) {
  const [busy, during] = useBusy();
  const title = `service-${service.site}-${service.id}`;
  return (
    <li
      class={`tile ${service.health}${lit ? ' lit' : ''}`}
      data-service={service.id}
      tabIndex={-1}
      aria-labelledby={title}
    >
      <div class="tile-top">
        <h4 id={title}>{service.name}</h4>
        <span class="tile-health">
          <span class="tile-dot" aria-hidden="true" />
          {HEALTH[service.health]}
        </span>
      </div>
      <p class="tile-reason">{service.reason}</p>
      <p class="tile-facts">
        Tier {service.tier} · port {service.port} · {service.pid === null ? 'no process' : `process ${service.pid}`} ·{' '}
        {service.site}
      </p>
      {service.depends_on.length > 0 && (
        <p class="tile-needs">
          <span>needs</span>
          {service.depends_on.map((id) => (
            <Need key={id} {...{ id, light, go }} of={all.find((each) => each.id === id)} />
          ))}
        </p>
      )}
      {/* Always there, so that nothing moves under a pointer when a service falls ill. */}
      <div
        class={
          service.health === 'up' || service.health === 'unknown' ? 'tile-remedy-room unseen-room' : 'tile-remedy-room'
        }
      >
        <Remedy command={`/dr ${service.remedy}`} />
      </div>
      <BreakMenu service={service} act={act}>
        {service.broken !== null && (
          <button
            type="button"
            class="aside-quiet"
            aria-disabled={busy}
            onClick={() => during(() => act({ do: 'mend', service: service.id }))}
          >
            Mend<span class="aside-hidden"> {service.name}</span> without Lifeboat
          </button>
        )}
      </BreakMenu>
    </li>
  );
}

/** A chip for what a service needs; pointing at it lights up that service, pressing leads there. */
const Need = ({ id, of, light, go }: Pick<Props, 'light' | 'go'> & { id: string; of: ServiceTile | undefined }) => (
  <button
    type="button"
    class={`chip ${of?.health ?? 'unknown'}`}
    onMouseEnter={() => light(id)}
    onMouseLeave={() => light(null)}
    onFocus={() => light(id)}
    onBlur={() => light(null)}
    onClick={() => go(id)}
  >
    <span class="tile-dot" aria-hidden="true" />
    {of?.name ?? id}
    <span class="aside-hidden">, {HEALTH[of?.health ?? 'unknown'].toLowerCase()}</span>
  </button>
);
