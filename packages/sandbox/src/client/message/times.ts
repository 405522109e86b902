/** Says Slack's timestamps ("1700000000.000100", Unix seconds) in words. */
export interface Times {
  /** "3:04 PM" */
  clock: (ts: string) => string;
  /** "Friday, November 27, 2026 at 3:04:05 PM" */
  exact: (ts: string) => string;
  /** "Today", "Yesterday" or "Wednesday, November 25" */
  day: (ts: string) => string;
  /** "today at 3:04 PM" */
  when: (ts: string) => string;
}

export function makeTimes(now: () => Date, locale?: string, timeZone?: string): Times {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, ...(timeZone === undefined ? {} : { timeZone }) });
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const exact = format({ dateStyle: 'full', timeStyle: 'medium' });
  const date = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const long = format({ weekday: 'long', month: 'long', day: 'numeric' });

  const day = (ts: string): string => {
    const then = date.format(dateOf(ts));
    if (then === date.format(now())) return 'Today';
    if (then === date.format(now().getTime() - 86_400_000)) return 'Yesterday';
    return long.format(dateOf(ts));
  };
  return {
    clock: (ts) => clock.format(dateOf(ts)),
    exact: (ts) => exact.format(dateOf(ts)),
    day,
    when: (ts) => {
      const label = day(ts);
      const word = label === 'Today' || label === 'Yesterday' ? label.toLowerCase() : label;
      return `${word} at ${clock.format(dateOf(ts))}`;
    },
  };
}

const dateOf = (ts: string): Date => new Date(Number(ts) * 1000);
