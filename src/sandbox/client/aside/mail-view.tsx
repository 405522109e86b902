import { useEffect, useRef, useState } from 'preact/hooks';
import type { Mail } from '../../page/protocol.ts';
import { When } from './bits.tsx';
import { full } from './time-words.ts';

/** One mail to read. HTML is shown in a frame that may run no script, load nothing and lead nowhere. */
export function MailView({ mail, back }: { mail: Mail; back: () => void }) {
  const [asHtml, setAsHtml] = useState(mail.text === '' && mail.html !== null);
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
        {mail.html !== null && (
          <button type="button" class="aside-button" aria-pressed={asHtml} onClick={() => setAsHtml(!asHtml)}>
            Show as HTML
          </button>
        )}
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
      {asHtml && mail.html !== null ? (
        <iframe class="mail-html" sandbox="" srcdoc={ALONE + mail.html} title="The mail as HTML" />
      ) : (
        <pre class="mail-text">{mail.text || '(no text)'}</pre>
      )}
    </article>
  );
}

/** A mail must not tell its sender that it was read. */
const ALONE = `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;
