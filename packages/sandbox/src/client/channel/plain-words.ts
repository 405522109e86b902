import type { Directory } from '../composer/encode.ts';

/** A message's text without its marks, for where a line must do. */
export function plainWords(text: string, { users, channels }: Directory): string {
  return text
    .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${users.get(id)?.real_name ?? 'somebody'}`)
    .replaceAll(/<#(\w+)(?:\|([^>]*))?>/g, (_, id: string, name?: string) => `#${channels.get(id)?.name ?? name ?? ''}`)
    .replaceAll(/<!date\^[^>|]*\|([^>]*)>/g, '$1')
    .replaceAll(/<[^>|]*\|([^>]*)>/g, '$1')
    .replaceAll(/[`*]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
