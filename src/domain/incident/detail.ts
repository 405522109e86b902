/**
 * How much a reader is told. `full`: whoever works on the incident. `brief`: what is broken for whom, since when, what is
 * done and when the next word comes. `public`: the same without names of people or words that somebody typed.
 */
export const DETAILS = ['full', 'brief', 'public'] as const;
export type Detail = (typeof DETAILS)[number];

/** Slack's ids of people: a direct message. */
const USER = /^[UW][A-Z0-9]+$/;

/** The incident's channel and direct messages are for those who work on it; any other channel reads the brief. */
export const detailFor = (to: string): Detail => (to === 'incident' || USER.test(to) ? 'full' : 'brief');
