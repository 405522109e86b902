import { Component } from 'preact';
import type { Json } from '../../../../../src/domain/json.ts';
import type { WireRow as Row } from '../../page/protocol.ts';
import { When } from './bits.tsx';
import { clock } from './time-words.ts';
import { isError } from './wire-filter.ts';

interface Props {
  row: Row;
  open: boolean;
  toggle: (n: number) => void;
}

const NAMES = { slack: 'Slack', pagerduty: 'PagerDuty', mail: 'Mail' } as const;

/** One exchange. A class, because hundreds of rows are drawn again for each new one, and only few differ. */
export class WireRow extends Component<Props> {
  override shouldComponentUpdate({ row, open }: Props): boolean {
    return row !== this.props.row || open !== this.props.open;
  }

  override render({ row, open, toggle }: Props) {
    const out = row.direction === 'out';
    const failed = isError(row);
    return (
      <li class={failed ? 'failed' : ''}>
        <button type="button" class="wire-line" aria-expanded={open} onClick={() => toggle(row.n)}>
          <span class={`wire-arrow ${row.direction}`} aria-hidden="true">
            {out ? '→' : '←'}
          </span>
          <span class="wire-what">
            <span class="wire-service">
              <span class="aside-hidden">{out ? 'To' : 'From'} </span>
              {NAMES[row.between]}
            </span>{' '}
            {row.what}
          </span>
          <span class="wire-status">{statusWords(row, failed)}</span>
          <span class="wire-time">
            {row.ms !== null && `${row.ms < 10 ? row.ms.toFixed(1) : Math.round(row.ms)} ms · `}
            <When at={row.at} words={clock(row.at)} />
          </span>
        </button>
        {open && (
          <div class="wire-more">
            <Pretty title="Request" value={row.request} />
            <Pretty title="Answer" value={row.response} />
          </div>
        )}
      </li>
    );
  }
}

/** 0 is no answer: not yet, or never. */
function statusWords({ status, ms }: Row, failed: boolean): string {
  if (status === 0) return ms === null ? 'waiting' : 'no answer';
  return `${status}${failed ? ' failed' : ''}`;
}

const Pretty = ({ title, value }: { title: string; value: Json }) => (
  <section aria-label={title}>
    <h3>{title}</h3>
    <pre tabIndex={0}>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
  </section>
);
