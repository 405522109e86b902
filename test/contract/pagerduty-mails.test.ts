import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMailSink, type MailSink } from '@lifeboat/stand-ins/mail/mail-sink';
import { startPagerMails, type PagerMails } from '@lifeboat/stand-ins/pagerduty/mails';
import { startPagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import type { PagerDutyStandIn } from '@lifeboat/stand-ins/pagerduty/start-pagerduty-stand-in';
import { waitFor } from '../support/wait-for.ts';
import { enqueue, KEY, payload, trigger } from './pagerduty-calls.ts';

let pd: PagerDutyStandIn;
let sink: MailSink;
let mails: PagerMails;

const subjects = () => sink.list().map(({ to, subject }) => `${to.join()}: ${subject}`);

beforeEach(async () => {
  [pd, sink] = await Promise.all([startPagerDutyStandIn({ routingKeys: [KEY] }), startMailSink()]);
  mails = startPagerMails({ pager: pd.pager, smtpUrl: sink.url, retryMs: 10 });
});
afterEach(async () => {
  await mails.close();
  await Promise.all([pd.close(), sink.close()]);
});

describe('the mails of the pager', () => {
  it('tell who is woken what is wrong and how to acknowledge', async () => {
    const details = { incident: 'INC-7', runbook: { name: 'failover' } };
    await enqueue(pd, { ...trigger, payload: { ...payload, summary: 'P0 lost power', custom_details: details } });
    await mails.settled();
    expect(subjects()).toEqual(['ana@example.com: [#1] triggered: P0 lost power']);
    const { text, from, html } = sink.list()[0]!;
    expect([from, html]).toEqual(['Pager <no-reply@pager.example.com>', null]);
    for (const words of ['Hello Ana Ito', 'P0 lost power', 'Service: Lifeboat 1', 'incident: INC-7', 'open Phones']) {
      expect(text).toContain(words);
    }
    expect(text).toContain('runbook: {"name":"failover"}');
  });

  it('come once for each time that somebody is notified, and not for what only changes', async () => {
    await enqueue(pd, trigger);
    await enqueue(pd, trigger);
    const [{ dedup_key, summary } = { dedup_key: '', summary: '' }] = pd.pager.alerts();
    await pd.pager.escalate(dedup_key, 'ben@example.com');
    await pd.pager.acknowledge(dedup_key);
    await pd.pager.annotate(dedup_key, 'Looking.');
    await pd.pager.unacknowledge(dedup_key);
    await pd.pager.reassign(dedup_key, 'ana@example.com');
    await pd.pager.resolve(dedup_key);
    await waitFor('all mails', () => sink.list().length === pd.pager.notifications(dedup_key));
    await mails.settled();
    expect(subjects()).toEqual([
      `ana@example.com: [#1] triggered: ${summary}`,
      `ben@example.com: [#1] escalated to you: ${summary}`,
      `ben@example.com: [#1] triggered again: ${summary}`,
      `ana@example.com: [#1] assigned to you: ${summary}`,
    ]);
  });

  it('do not come again after a restart, but those that are owed do', async () => {
    await enqueue(pd, trigger);
    await mails.settled();
    const state = mails.snapshot();
    await mails.close();
    await enqueue(pd, { ...trigger, dedup_key: 'while away' });
    mails = startPagerMails({ pager: pd.pager, smtpUrl: sink.url, state });
    await mails.settled();
    expect(sink.list().map(({ subject }) => subject.slice(0, 4))).toEqual(['[#1]', '[#2]']);
    expect(mails.snapshot().mailed).toHaveLength(2);
    pd.pager.reset();
    expect(mails.snapshot()).toEqual({ mailed: [] });
  });

  it('wait for a mail server that is away', async () => {
    const { port } = sink;
    await sink.close();
    await enqueue(pd, trigger);
    await mails.settled();
    sink = await startMailSink({ port });
    await waitFor('the mail', () => sink.list().length === 1);
  });

  it('pass over an address that is none, for those behind it', async () => {
    const account = pd.pager.snapshot();
    const users = account.users.map((user) => (user.id === 'PANA001' ? { ...user, email: 'nowhere' } : user));
    pd.pager.restore({ ...account, users });
    await enqueue(pd, trigger);
    await pd.pager.escalate(pd.pager.alerts()[0]!.dedup_key, 'ben@example.com');
    await waitFor('the mail', () => sink.list().length > 0);
    expect(sink.list().map(({ to }) => to)).toEqual([['ben@example.com']]);
  });
});
