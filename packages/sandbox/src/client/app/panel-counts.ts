import type { ClientState } from '../state/client-state.ts';
import type { PanelName } from '../state/route.ts';

interface Count {
  count: number;
  words: string;
}

/** What each panel's badge says. */
export function countsOf(
  { tour, phones, mail, services }: ClientState,
  readMail: ReadonlySet<string>,
): Record<PanelName, Count> {
  const left = tour.filter(({ done }) => !done).length;
  const ringing = phones.filter(({ status }) => status === 'triggered').length;
  const ill = services.filter(({ health }) => health === 'down' || health === 'degraded').length;
  const unread = mail.filter(({ id }) => !readMail.has(id)).length;
  return {
    tour: { count: left, words: left === 1 ? 'step left' : 'steps left' },
    phones: { count: ringing, words: 'ringing' },
    inbox: { count: unread, words: unread === 1 ? 'unread mail' : 'unread mails' },
    status: { count: 0, words: '' },
    wire: { count: 0, words: '' },
    estate: { count: ill, words: ill === 1 ? 'service not well' : 'services not well' },
  };
}
