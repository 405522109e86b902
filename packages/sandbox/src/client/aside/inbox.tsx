import { useEffect, useRef, useState } from 'preact/hooks';
import type { Mail } from '@lifeboat/stand-ins/mail/mail';
import { useStore } from '../app/use-store.ts';
import { useNow } from '../blocks/clock.ts';
import { Empty, When } from './bits.tsx';
import { MailView } from './mail-view.tsx';
import { markMailRead, readMail } from './read-mail.ts';
import { ago } from './time-words.ts';

/** All mail that was sent, to whomever; newest first. */
export function Inbox({ mail }: { mail: readonly Mail[] }) {
  const now = useNow(true).getTime();
  const [chosen, setChosen] = useState<string | null>(null);
  const read = useStore(readMail, (ids) => ids);
  const isUnread = (id: string): boolean => !read.has(id);
  const list = useRef<HTMLUListElement>(null);
  const [left, setLeft] = useState<string | null>(null);
  useEffect(() => {
    // Who comes back from a mail stands on its line again.
    if (left !== null) list.current?.querySelector<HTMLElement>(`[data-mail="${CSS.escape(left)}"]`)?.focus();
  }, [left]);
  const back = (): void => {
    setLeft(chosen);
    setChosen(null);
  };
  const shown = mail.find(({ id }) => id === chosen);
  if (mail.length === 0) {
    return (
      <Empty title="No mail yet">
        <p>
          The pager mails each person whom it wakes; those mails land here, whoever they are for. Lifeboat itself sends
          no mail yet: audiences with an e-mail address in the estate are not told by mail.
        </p>
      </Empty>
    );
  }
  if (shown) return <MailView mail={shown} back={back} />;
  const open = (id: string): void => {
    markMailRead(id, mail);
    setLeft(null);
    setChosen(id);
  };
  return (
    <div class="aside inbox">
      <p class="aside-lead">Mail to everybody, as the pager sends it. Lifeboat itself sends no mail yet.</p>
      <ul class="aside-list" ref={list}>
        {mail.toReversed().map((each) => (
          <li key={each.id}>
            <button
              type="button"
              data-mail={each.id}
              class={isUnread(each.id) ? 'mail unread' : 'mail'}
              onClick={() => open(each.id)}
            >
              <span class="mail-subject">
                {isUnread(each.id) && <span class="aside-hidden">Unread: </span>}
                {each.subject || '(no subject)'}
              </span>
              <span class="mail-to">to {each.to.join(', ')}</span>
              <When at={each.at} words={ago(each.at, now)} />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
