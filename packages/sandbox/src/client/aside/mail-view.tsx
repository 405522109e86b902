import { useEffect, useRef } from 'preact/hooks';
import type { Mail } from '@lifeboat/stand-ins/mail/mail';
import { When } from './bits.tsx';
import { full } from './time-words.ts';

/** One mail to read, as text: HTML would load and lead elsewhere, and the page's own rules forbid its styles. */
export function MailView({ mail, back }: { mail: Mail; back: () => void }) {
  const onlyHtml = mail.text === '' && mail.html !== null;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <article
      class="aside mail-view"
      aria-labelledby="mail-subject"
      onKeyDown={(event) => event.key === 'Escape' && back()}
    >
      <div class="aside-buttons">
        <button type="button" class="aside-button" ref={button} onClick={back}>
          ← All mail
        </button>
      </div>
      <h3 id="mail-subject">{mail.subject || '(no subject)'}</h3>
      <dl class="mail-head">
        <div>
          <dt>From</dt>
          <dd>{mail.from}</dd>
        </div>
        <div>
          <dt>To</dt>
          <dd>{mail.to.join(', ')}</dd>
        </div>
        <div>
          <dt>At</dt>
          <dd>
            <When at={mail.at} words={full(mail.at)} />
          </dd>
        </div>
      </dl>
      {onlyHtml && <p class="aside-lead">This mail came without plain text. Its HTML source:</p>}
      <pre class="mail-text">{mail.text || mail.html || '(no text)'}</pre>
    </article>
  );
}
