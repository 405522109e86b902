import type { Mail } from '@lifeboat/stand-ins/mail/mail';
import { keep, recall } from '../state/stored.ts';
import { Store } from '../state/store.ts';

const KEY = 'mail-read';

/** The mails that were opened in this browser. */
export const readMail = new Store<ReadonlySet<string>>(recalled());

/** Marks a mail as read, and forgets those that are gone. */
export function markMailRead(id: string, mail: readonly Mail[]): void {
  const there = new Set(mail.map((each) => each.id));
  const next = new Set([...readMail.value, id].filter((each) => there.has(each)));
  keep(localStorage, KEY, [...next]);
  readMail.set(next);
}

function recalled(): ReadonlySet<string> {
  const found = recall(localStorage, KEY);
  return new Set(Array.isArray(found) ? found.filter((id) => typeof id === 'string') : []);
}
