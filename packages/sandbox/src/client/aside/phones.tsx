import type { Phone } from '../../page/protocol.ts';
import { useNow } from '../blocks/clock.ts';
import type { Act } from './aside-state.ts';
import { Empty } from './bits.tsx';
import { PhoneCard } from './phone-card.tsx';

const ORDER = { triggered: 0, acknowledged: 1, resolved: 2 } as const;

/** The pages of everybody: what rings first, newest first; what is over is folded. */
export function Phones({ phones, act }: { phones: readonly Phone[]; act: Act }) {
  const now = useNow(true).getTime();
  const sorted = phones.toSorted((a, b) => ORDER[a.status] - ORDER[b.status] || b.created_at - a.created_at);
  const [live, over] = [sorted.filter(isLive), sorted.filter((phone) => !isLive(phone))];
  const ringing = live.filter(({ status }) => status === 'triggered').length;
  if (phones.length === 0) {
    return (
      <Empty title="Nobody is being woken">
        <p>
          When an incident is declared, its escalation policy pages people here, as PagerDuty would ring their
          telephones. If nobody acknowledges, the next level is paged.
        </p>
      </Empty>
    );
  }
  const cards = (list: Phone[]) => list.map((phone) => <PhoneCard key={phone.id} {...{ phone, now, act }} />);
  return (
    <div class="aside phones">
      <p class="aside-lead" role="status">
        {ringing === 0
          ? 'Nothing is ringing.'
          : ringing === 1
            ? 'One page is ringing.'
            : `${ringing} pages are ringing.`}
      </p>
      {cards(live)}
      {over.length > 0 && (
        <details class="aside-fold">
          <summary>
            Resolved <span class="aside-count">{over.length}</span>
          </summary>
          {cards(over)}
        </details>
      )}
    </div>
  );
}

const isLive = ({ status }: Phone): boolean => status !== 'resolved';
