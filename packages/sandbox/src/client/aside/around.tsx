import type { Surrounding } from '../../page/protocol.ts';
import type { Act } from './aside-state.ts';
import { Badge, type Tone } from './bits.tsx';
import { useBusy } from './use-busy.ts';

const STATES: Readonly<Record<Surrounding['state'], [words: string, tone: Tone]>> = {
  up: ['Up', 'good'],
  starting: ['Starting', 'warn'],
  down: ['Taken away', 'bad'],
};

/** What Lifeboat itself stands on, to be taken away and brought back. */
export const Around = ({ surroundings, act }: { surroundings: readonly Surrounding[]; act: Act }) => (
  <section aria-labelledby="estate-around">
    <h3 id="estate-around">Around Lifeboat</h3>
    <p class="aside-lead">Take one away and see what Lifeboat makes of it.</p>
    <ul class="tiles">
      {surroundings.map((each) => (
        <Part key={each.id} part={each} act={act} />
      ))}
    </ul>
  </section>
);

function Part({ part, act }: { part: Surrounding; act: Act }) {
  const [busy, during] = useBusy();
  const [words, tone] = STATES[part.state];
  const up = part.state === 'up';
  const off = busy || part.state === 'starting';
  return (
    <li class="tile around">
      <div class="tile-top">
        <h4>{part.name}</h4>
        <Badge tone={tone}>{words}</Badge>
      </div>
      <p class="tile-reason">{part.about}</p>
      <button
        type="button"
        class="aside-button"
        aria-disabled={off}
        onClick={() => off || during(() => act({ do: 'surrounding', id: part.id, up: !up }))}
      >
        {up ? 'Take away' : 'Bring back'}
        <span class="aside-hidden"> {part.name}</span>
      </button>
    </li>
  );
}
