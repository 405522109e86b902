const DAY = 86_400_000;

/** What stood for others while it waited has a key of its own that nobody intends again: kept for questions only, in ms. */
export const COALESCED_MS = DAY;
/** What steps printed, after the end of their run, in ms. */
export const OUTPUT_MS = 30 * DAY;
/** What steps returned, after the end of their run and incident, in ms. */
export const RESULTS_MS = 90 * DAY;
