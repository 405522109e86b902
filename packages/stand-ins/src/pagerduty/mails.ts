import { createTransport } from 'nodemailer';
import { mailOf } from './mail-words.ts';
import type { Pager } from './pager.ts';
import type { Alert, LogEntry } from './types.ts';

/** Ids of the log entries that were mailed. */
export interface MailedState {
  mailed: string[];
}

export interface PagerMails {
  snapshot(): MailedState;
  /** Resolves when nothing is left to mail, or a try failed. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  pager: Pager;
  /** Where mail goes: `smtp://host:port`. */
  smtpUrl: string;
  state?: MailedState;
  /** A mail server that is away is tried again after this long, in ms, twice as long each time, up to 30 s. */
  retryMs?: number;
  onError?: (error: unknown) => void;
}

const LONGEST_RETRY_MS = 30_000;

/** Mails each person whom the stand-in notifies, as PagerDuty does: one mail for each log entry, also after a restart. */
export function startPagerMails({ pager, smtpUrl, state, retryMs = 500, onError }: Options): PagerMails {
  const { hostname: host, port } = new URL(smtpUrl);
  const transport = createTransport({ host, port: Number(port), secure: false, ignoreTLS: true });
  const mailed = new Set(state?.mailed);
  let [pause, closed] = [retryMs, false];
  let timer: NodeJS.Timeout | undefined;
  let under_way: Promise<void> | undefined;

  const next = (): { alert: Alert; entry: LogEntry } | undefined => {
    for (const alert of pager.alerts()) {
      const entry = alert.log.find(({ id, type }) => type === 'notify_log_entry' && !mailed.has(id));
      if (entry) return { alert, entry };
    }
    return undefined;
  };
  const work = async (): Promise<void> => {
    for (let due = next(); due && !closed; due = next()) {
      const mail = mailOf(due.alert, due.entry, pager.snapshot());
      if (mail) await transport.sendMail(mail).catch(passOver);
      mailed.add(due.entry.id); // only now: who is notified while the mail server is away still gets it
      pause = retryMs;
    }
  };
  /** A mail that is refused for good must not hold up those behind it. */
  const passOver = (error: unknown): void => {
    if (!isForGood(error)) throw error;
    onError?.(error);
  };
  const begin = (): void => {
    if (closed || under_way) return;
    clearTimeout(timer);
    under_way = work().then(
      () => {
        under_way = undefined;
        if (next()) begin(); // what came between the last look and now
      },
      (error: unknown) => {
        under_way = undefined;
        onError?.(error);
        timer = setTimeout(begin, pause).unref();
        pause = Math.min(pause * 2, LONGEST_RETRY_MS);
      },
    );
  };
  pager.on('alert', begin);
  begin();

  return {
    snapshot: () => ({
      // The ids of alerts that are gone never come back.
      mailed: pager.alerts().flatMap(({ log }) => log.flatMap(({ id }) => (mailed.has(id) ? [id] : []))),
    }),
    settled: async () => {
      while (under_way) await under_way;
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      pager.off('alert', begin);
      await under_way;
      transport.close();
    },
  };
}

/** A reply of 5xx, or an address that is none. */
const isForGood = (error: unknown): boolean =>
  error instanceof Error &&
  (('responseCode' in error && Number(error.responseCode) >= 500) || ('code' in error && error.code === 'EENVELOPE'));
