import type { Answer } from './types.ts';

/** PagerDuty's classic paging: at most 100 per page, and nothing beyond the 10,000th. */
export function page(name: string, items: unknown[], query: URLSearchParams): Answer {
  const limit = Math.min(whole(query.get('limit'), 25), 100);
  const offset = whole(query.get('offset'), 0);
  if (offset + limit > 10_000) {
    const errors = ['Offset and limit must not exceed 10000'];
    return { status: 400, body: { error: { message: 'Invalid Input Provided', code: 2001, errors } } };
  }
  const more = offset + limit < items.length;
  const total = query.get('total') === 'true' ? items.length : null;
  return { status: 200, body: { [name]: items.slice(offset, offset + limit), limit, offset, more, total } };
}

function whole(text: string | null, otherwise: number): number {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value >= 0 ? value : otherwise;
}
