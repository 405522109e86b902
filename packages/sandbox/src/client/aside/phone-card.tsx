import type { Phone } from '../../page/protocol.ts';
import type { Act } from './aside-state.ts';
import { Badge, When, type Tone } from './bits.tsx';
import { ago, clock } from './time-words.ts';
import { useBusy } from './use-busy.ts';

const STATES = { triggered: 'Ringing', acknowledged: 'Acknowledged', resolved: 'Resolved' } as const;
const TONES: Readonly<Record<string, Tone>> = { critical: 'bad', error: 'bad', warning: 'warn' };

/** One page, drawn like a telephone. */
export function PhoneCard({ phone, now, act }: { phone: Phone; now: number; act: Act }) {
  const [busy, during] = useBusy();
  const press = (what: 'acknowledge' | 'resolve') => () => during(() => act({ do: what, phone: phone.id }));
  const title = `phone-${phone.id}`;
  return (
    <article class={`phone ${phone.status}`} tabIndex={-1} aria-labelledby={title}>
      <header class="phone-top">
        <span class="phone-bell" aria-hidden="true" />
        <strong>{STATES[phone.status]}</strong>
        <span class="phone-who">{namesOf(phone.assignees)}</span>
        <When at={phone.created_at} words={ago(phone.created_at, now)} />
      </header>
      <h3 id={title}>{phone.summary}</h3>
      <p class="phone-about">
        <Badge tone={TONES[phone.severity] ?? 'quiet'}>Severity {phone.severity}</Badge> {phone.service}
      </p>
      {phone.status !== 'resolved' && (
        <div class="aside-buttons">
          {phone.status === 'triggered' && (
            <button type="button" class="aside-button main" aria-disabled={busy} onClick={press('acknowledge')}>
              Acknowledge<span class="aside-hidden"> {phone.summary}</span>
            </button>
          )}
          <button type="button" class="aside-button" aria-disabled={busy} onClick={press('resolve')}>
            Resolve<span class="aside-hidden"> {phone.summary}</span>
          </button>
        </div>
      )}
      <More phone={phone} />
    </article>
  );
}

const More = ({ phone }: { phone: Phone }) => (
  <details class="phone-more">
    <summary>Details and log</summary>
    <dl>
      {Object.entries({ ...phone.details, key: phone.dedup_key }).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
    <ol class="phone-log">
      {phone.log.map(({ at, text }, index) => (
        <li key={index}>
          <When at={at} words={clock(at)} /> {text}
        </li>
      ))}
    </ol>
  </details>
);

const namesOf = (names: string[]): string => (names.length === 0 ? 'nobody' : new Intl.ListFormat('en').format(names));
