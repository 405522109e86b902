import { expect, test } from 'vitest';
import { errorWords } from '@lifeboat/sandbox/client/state/error-words';
import { changeRoute, formatRoute, parseRoute, type Route } from '@lifeboat/sandbox/client/state/route';

test.each<[string, Route]>([
  ['#/C123', { place: 'C123' }],
  ['#/C123/1700000000.000100', { place: 'C123', ts: '1700000000.000100' }],
  ['#/home', { place: 'home' }],
  ['#/panel/phones', { place: null, panel: 'phones' }],
  ['#/C123?thread=1700000000.000100', { place: 'C123', thread: '1700000000.000100' }],
  ['#/C123?panel=wire', { place: 'C123', panel: 'wire' }],
])('the address %s says where one is, and comes out the same', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(formatRoute(route)).toBe(hash);
});

test('an address with nonsense in it leads somewhere all the same', () => {
  expect(parseRoute('')).toEqual({ place: null });
  expect(parseRoute('#/C123/nonsense?panel=nothing&thread=x')).toEqual({ place: 'C123' });
  expect(parseRoute('#/%E0%A4%A')).toEqual({ place: '%E0%A4%A' });
});

test('going elsewhere closes the thread and keeps the panel', () => {
  const here: Route = { place: 'C1', thread: '1.1', panel: 'tour', ts: '2.2' };
  expect(changeRoute(here, { place: 'C2' })).toEqual({ place: 'C2', panel: 'tour' });
  expect(changeRoute(here, { place: 'C1', ts: '3.3' })).toEqual({
    place: 'C1',
    ts: '3.3',
    thread: '1.1',
    panel: 'tour',
  });
  expect(changeRoute(here, { thread: null })).toEqual({ place: 'C1', panel: 'tour' });
  expect(changeRoute(here, { panel: 'wire' })).toEqual({ place: 'C1', panel: 'wire' });
  expect(changeRoute(here, { panel: null })).toEqual({ place: 'C1', thread: '1.1' });
});

test('errors of Slack are said in words', () => {
  expect(errorWords('dispatch_failed')).toBe('Lifeboat did not answer. It may be down.');
  expect(errorWords('some_other_error')).toBe('That did not work: some other error.');
  expect(errorWords('The form is closed.')).toBe('The form is closed.');
  expect(errorWords(undefined)).toMatch(/nobody said why/);
});
