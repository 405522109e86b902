import { approvalRequest } from '../../templates/approval-request.ts';
import { channelTopic } from '../../templates/channel-topic.ts';
import { incidentCard } from '../../templates/incident-card.ts';
import { exampleEstate, exampleFacts } from './facts.ts';
import { page } from './page.ts';

/** The channel of the example's incident, with its card and the request for consent as the templates word them. */
export async function examplePage(): Promise<string> {
  const estate = await exampleEstate();
  const facts = exampleFacts(estate);
  const [approval] = facts.approvals;
  if (!approval) throw new Error('the example asks for no consent');
  return page(
    { name: facts.incident.name, topic: channelTopic(facts.incident, estate) },
    [
      { time: '03:14 UTC', message: incidentCard(facts), pinned: true },
      { time: '03:30 UTC', message: approvalRequest(approval, estate, facts.now) },
    ],
    estate,
  );
}
