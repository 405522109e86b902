import { html } from 'hono/html';
import { formatDuration } from '../domain/duration.ts';
import { PUBLIC_DAYS, type PublicState, type PublicStatus, type Trouble } from '../domain/incident/public-status.ts';

type Html = ReturnType<typeof html>;

const WORDS: Readonly<Record<PublicState, { service: string; all: string }>> = {
  operational: { service: 'Operational', all: 'All services are operational' },
  degraded: { service: 'Degraded', all: 'Some services are degraded' },
  partial_outage: { service: 'Partial outage', all: 'There is a partial outage' },
  major_outage: { service: 'Major outage', all: 'There is a major outage' },
};
const LOOKING = 'We are looking into a problem';
const UNKNOWN = 'We are looking into a problem; which services are affected is not known yet.';

/*
 * Titles, texts, names of people and channels never stand here: they were written for those who work on the incident,
 * not for customers, and nobody agreed to publish them (docs/decisions/0010-what-the-status-page-shows.md).
 */

/** The public page. `html` escapes every value that is put in. */
export function statusPage(status: PublicStatus): Html {
  const { as_of, state, services, unknown } = status;
  const title = services.every((each) => each.state === 'operational') && unknown ? LOOKING : WORDS[state].all;
  return page(
    title,
    html`<h1 class="headline ${state}">${title}</h1>
      ${unknown && html`<p class="notice">${UNKNOWN} ${troubleWords(unknown, as_of)}</p>`}
      <section aria-labelledby="services">
        <h2 id="services">Services</h2>
        <ul>
          ${services.map((each) => serviceRow(each, status))}
        </ul>
      </section>
      <section aria-labelledby="past">
        <h2 id="past">The last ${PUBLIC_DAYS} days</h2>
        ${pastRows(status)}
      </section>
      <footer>
        <p>As of ${time(as_of, true)}, database clock. The page looks again every 30 seconds.</p>
        <p id="stale" class="notice" role="status"></p>
      </footer>`,
  );
}

/** While it is not known what is affected, nothing is called operational. */
function serviceRow(
  { name, state, trouble }: PublicStatus['services'][number],
  { as_of, unknown }: PublicStatus,
): Html {
  const unsure = unknown !== null && trouble === null;
  return html`<li>
    <span class="name">${name}</span>
    <span class="state ${unsure ? 'unknown' : state}">${unsure ? 'No known problem' : WORDS[state].service}</span>
    ${trouble && html`<span class="about">${troubleWords(trouble, as_of)}</span>`}
  </li>`;
}

function pastRows({ resolved }: PublicStatus): Html {
  if (resolved.length === 0) return html`<p>Nothing was resolved in the last ${PUBLIC_DAYS} days.</p>`;
  const rows = resolved.map(
    ({ services, state, from, to, ms }) =>
      html`<li>
        <span class="name">${services.length === 0 ? 'Services that were not named' : services.join(', ')}</span>
        <span class="about">${WORDS[state].service} for ${spoken(ms)}, from ${time(from)} to ${time(to)}</span>
      </li>`,
  );
  return html`<ul>
    ${rows}
  </ul>`;
}

/** Without the database nothing is known, so nothing is claimed. */
export const unknownPage = (): Html =>
  page(
    'The status cannot be told now',
    html`<h1 class="headline unknown">The status cannot be told now</h1>
      <p>
        The system that knows it does not answer. That says nothing about the services themselves. The page looks again
        every 30 seconds.
      </p>
      <p id="stale" class="notice" role="status"></p>`,
  );

const page = (title: string, main: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/status.css" />
        <script src="/status.js" defer></script>
        <noscript><meta http-equiv="refresh" content="30" /></noscript>
      </head>
      <body>
        <main>${main}</main>
      </body>
    </html>`;

function troubleWords({ since, next_update }: Trouble, now: Date): Html {
  const next =
    next_update === null
      ? ''
      : next_update <= now
        ? html` An update is due now.`
        : html` Next update by ${time(next_update)}.`;
  return html`Since ${time(since)}.${next}`;
}

/** In UTC, so that the page is right without a script; the script shows it in the reader's own time zone. */
function time(date: Date, seconds = false): Html {
  const iso = date.toISOString();
  const words = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: 'UTC', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    ...(seconds && { second: '2-digit' }),
  }).format(date);
  return html`<time datetime="${iso}" data-precision="${seconds ? 'second' : 'minute'}">${words} UTC</time>`;
}

/** To the minute: seconds are no news to a customer. */
const spoken = (ms: number): string =>
  ms < 60_000 ? 'less than a minute' : formatDuration(Math.floor(ms / 60_000) * 60_000);
