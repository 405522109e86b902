import type { Answers } from './answers.ts';

/** The texts of a first estate by their paths below its folder; `schemas` is the folder of the JSON schemas, from there. */
export function firstEstate(answers: Answers, schemas = 'schema'): Record<string, string> {
  return {
    [`runbooks/restart-${answers.service}.yaml`]: runbook(answers, `../${schemas}/runbook.json`),
    'estate.yaml': estate(answers, `${schemas}/estate.json`),
  };
}

/** As YAML: plain where that is surely text. */
const quoted = (text: string): string =>
  /^[A-Za-z][\w -]*$/.test(text) && !/^(true|false|null)$/i.test(text) ? text : `'${text.replaceAll("'", "''")}'`;

function estate({ estate: name, person, slack, service, address }: Answers, schema: string): string {
  const id = quoted(/^[a-z][a-z0-9]*/.exec(person.toLowerCase())?.[0] ?? 'person');
  const unknown = '# Add your Slack member ID, such as slack: U01ANA: without it nobody may act.\n  ';
  return `# yaml-language-server: $schema=${schema}
# What Lifeboat protects. \`lifeboat check estate.yaml\` says what is wrong with it, docs/estate.md explains every key.
name: ${quoted(name)}

# Places. Keys of your own, such as address, are read by \${{ sites.main.address }}.
sites:
  main: { role: primary, address: ${quoted(address)} }

# What "bad" means: how soon it must be over, how often people are told, who is paged and who is told.
severities:
  P0: { name: Critical, rto: 1h, update_every: 15m, escalation: standard, audiences: [responders] }
  P1: { name: High, rto: 4h, update_every: 30m, escalation: standard, audiences: [responders] }
  P2: { name: Medium, rto: 8h, update_every: 2h, escalation: standard, audiences: [responders] }
  P3: { name: Low, rto: 24h, update_every: 4h, escalation: quiet, audiences: [responders] }

people:
  ${slack === '' ? unknown : ''}${id}: { name: ${quoted(person)}${slack === '' ? '' : `, slack: ${slack}`} }

roles:
  on-call: { people: [${id}] }

# Whom to page when, counted from the declaration. Add a second level with somebody else.
escalation_policies:
  standard:
    - { after: 0s, page: [on-call] }
  quiet:
    - { after: 0s, notify: [responders] }

audiences:
  responders: { slack: incident-channel }

services:
  ${quoted(service)}:
    tier: 1
    rto: 1h
    rpo: 0s
    owner: on-call
    checks:
      - { id: answers, uses: http, with: { url: '\${{ sites.main.address }}' } }
    recover: ${quoted(`restart-${service}`)}

runbooks: runbooks/*.yaml
`;
}

function runbook({ service }: Answers, schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# \`/dr plan ${service}\` shows what this would do, \`/dr recover ${service}\` does it.
name: ${quoted(`restart-${service}`)}
description: ${quoted(`Start ${service} again and see that it answers.`)}
objectives: { rto: 1h }
steps:
  - id: look
    name: Does it answer now?
    uses: http
    with: { url: '\${{ sites.main.address }}' }
    on_failure: continue

  # A person does it until you put a command here: uses: command, with: { run: [systemctl, restart, ${service}] }.
  - id: restart
    name: Start it again
    needs: [look]
    uses: manual
    with: { instructions: ${quoted(`Start ${service} again, then press Done.`)} }

  - id: answers
    name: It answers
    needs: [restart]
    uses: http
    with: { url: '\${{ sites.main.address }}' }
    retry: { max_attempts: 10, interval: 3s }
`;
}
