import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { WireRow as Row } from '../../page/protocol.ts';
import { Empty } from './bits.tsx';
import { WireRow } from './wire-row.tsx';
import { wireRows, type WireFilter } from './wire-filter.ts';

const SERVICES = { all: 'All services', slack: 'Slack', pagerduty: 'PagerDuty', mail: 'Mail' } as const;

/** What Lifeboat and the services say to each other, for those who want to see it. */
export function Wire({ rows }: { rows: readonly Row[] }) {
  const [filter, setFilter] = useState<WireFilter>({ between: 'all', errorsOnly: false, text: '' });
  const [held, setHeld] = useState<readonly Row[] | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const from = held ?? rows;
  const shown = useMemo(() => wireRows(from, filter), [from, filter]);
  const toggle = useCallback((n: number) => setOpen((now) => (now === n ? null : n)), []);
  const list = useRef<HTMLOListElement>(null);
  if (rows.length === 0) {
    return (
      <Empty title="Nothing was said yet">
        <p>Each request between Lifeboat and Slack, PagerDuty or the mail server shows here, with its answer.</p>
      </Empty>
    );
  }
  const late = held ? rows.filter(({ n }) => n > (held.at(-1)?.n ?? 0)).length : 0;
  return (
    <div class="aside wire">
      <Filters filter={filter} set={setFilter} />
      <div class="wire-bar">
        <button
          type="button"
          class="aside-button"
          aria-pressed={held !== null}
          onClick={() => setHeld(held ? null : rows)}
        >
          Pause
        </button>
        <p role="status">
          {held ? `Paused, ${late} more since.` : `${shown.length} of the last ${rows.length}, newest first.`}
        </p>
      </div>
      {shown.length === 0 && <p class="aside-lead">None of them fits the filter.</p>}
      <ol class="wire-rows" ref={list} aria-label="Requests" onKeyDown={(event) => walk(event, list.current)}>
        {shown.map((row) => (
          <WireRow key={row.n} row={row} open={open === row.n} toggle={toggle} />
        ))}
      </ol>
    </div>
  );
}

const Filters = ({ filter, set }: { filter: WireFilter; set: (filter: WireFilter) => void }) => (
  <div class="wire-filters" role="search" aria-label="Filter the wire">
    <select
      aria-label="Service"
      value={filter.between}
      onChange={({ currentTarget: { value } }) => set({ ...filter, between: serviceOf(value) })}
    >
      {Object.entries(SERVICES).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
    <input
      type="search"
      placeholder="Find in requests and answers"
      aria-label="Find in requests and answers"
      value={filter.text}
      onInput={({ currentTarget: { value } }) => set({ ...filter, text: value })}
    />
    <label>
      <input
        type="checkbox"
        checked={filter.errorsOnly}
        onChange={({ currentTarget: { checked } }) => set({ ...filter, errorsOnly: checked })}
      />{' '}
      Errors only
    </label>
  </div>
);

const serviceOf = (value: string): WireFilter['between'] =>
  value === 'slack' || value === 'pagerduty' || value === 'mail' ? value : 'all';

/** Arrow keys, Home and End go from row to row. */
function walk(event: KeyboardEvent, list: HTMLOListElement | null): void {
  const rows = [...(list?.querySelectorAll<HTMLButtonElement>('.wire-line') ?? [])];
  const at = rows.findIndex((row) => row === document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  rows[next]?.focus();
}
