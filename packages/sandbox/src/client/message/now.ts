import { makeTimes } from './times.ts';

/** Times as this browser says them. */
export const times = makeTimes(() => new Date());
