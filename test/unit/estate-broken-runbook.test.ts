import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySmallEstate, RESTART_API, type EstateCopy } from '../support/estates/copy.ts';

let copy: EstateCopy;
beforeEach(async () => {
  copy = await copySmallEstate();
});
afterEach(() => copy.remove());

describe('a broken runbook is refused with the place, the rule and the fix', () => {
  const LOOK =
    "    uses: command\n    with: { run: [node, -e, \"console.log('up on ' + process.argv[1])\", '${{ inputs.site }}'] }";
  const RUN = "    with: { run: [node, -e, \"console.log('restarted')\"], env: { REASON: '${{ inputs.reason }}' } }";

  it.each<[string, string, string, string]>([
    [
      'an action that does not exist',
      LOOK,
      '    uses: ¦postgres',
      'unknown action "postgres". Known: http, tcp, command',
    ],
    ['two swapped letters', '    uses: approval', '    uses: ¦tpc', 'Did you mean "tcp"?'],
    ['a misspelt action', '    uses: approval', '    uses: ¦aproval', 'Did you mean "approval"?'],
    [
      'an unknown key of a step',
      '    needs: [look]',
      '    ¦need: [look]',
      'unknown key "need". Known keys: id, name, uses, with, needs',
    ],
    ['an unknown key of an action', 'timeout: 10m', '¦time_out: 10m', 'unknown key "time_out"'],
    [
      'a command as one line',
      LOOK,
      '    uses: command\n    with: { run: ¦"rm -rf /" }',
      'A command is a list of arguments and never goes through a shell',
    ],
    ['a number among arguments', "'${{ inputs.site }}']", '¦5]', 'got 5. Must be text. Put it in quotes'],
    ['an unknown step in needs', 'needs: [look]', 'needs: [¦lok]', 'Unknown step "lok"'],
    ['two steps of one name', '- id: consent', '- id: ¦look', 'Two steps are called look'],
    [
      'steps in a circle',
      '  - id: look\n',
      '  - id: look\n    needs: ¦[tell]\n',
      'in a circle: look → tell → restart → consent → look',
    ],
    ['an unknown approver', 'approvers: [incident-commander]', 'approvers: [¦commander]', 'unknown role "commander"'],
    [
      'more approvals than people',
      'approvers: [incident-commander]',
      'approvers: [incident-commander], min_approvals: ¦2',
      '2 must agree, but incident-commander leaves 1 when one of them is the requester',
    ],
    [
      'an approver who may be the requester',
      'approvers: [incident-commander]',
      'min_approvals: ¦1, approvers: [communications]',
      '1 must agree, but communications leaves 0',
    ],
    [
      'a probe on an approval',
      '    uses: approval',
      '    ¦probe: { uses: noop }\n    uses: approval',
      'Probe is not allowed on an approval step',
    ],
    [
      'a retry on a notice',
      '    uses: notify',
      '    ¦retry: { max_attempts: 2 }\n    uses: notify',
      'Retry is not allowed on a notify step',
    ],
    [
      'a timeout beside an approval',
      '    uses: approval',
      '    ¦timeout: 5m\n    uses: approval',
      'Write it under with:',
    ],
    ['a probe that asks people', 'probe: { uses: noop }', 'probe: { uses: ¦approval }', 'Approval is not a check'],
    ['a notice to nobody', 'audience: responders, ', '', 'notify has one of audience, channel and role'],
    ['a notice to an unknown audience', 'audience: responders', 'audience: ¦respondrs', 'unknown audience "respondrs"'],
    [
      'an unknown input',
      "'${{ inputs.site }}'",
      '¦"${{ inputs.sit }}"',
      '${{ inputs.sit }}: unknown input "sit". Known: site, reason. Did you mean "site"?',
    ],
    [
      'an unknown source',
      "'${{ inputs.site }}'",
      '¦"${{ env.HOME }}"',
      'unknown source "env". Known: inputs, steps, sites, services, estate, incident',
    ],
    [
      'an unknown field of the incident',
      "'${{ inputs.site }}'",
      '¦"${{ incident.titel }}"',
      'unknown field of incident "titel"',
    ],
    ['code in an expression', "'${{ inputs.site }}'", '¦"${{ inputs.site + 1 }}"', 'unexpected symbol at character 17'],
    [
      'a secret in what people read',
      "message: 'The API at ${{ sites[inputs.site].url }} is back.'",
      "message: '¦${{ secrets.TOKEN }}'",
      'a secret would be shown here',
    ],
    ['a secret without a name', "'${{ inputs.site }}'", "¦'${{ secrets }}'", 'names no secret'],
    ['an open expression', "'${{ inputs.site }}'", '¦"${{ inputs.site"', 'the text ends'],
    [
      'an unknown step in an expression',
      RUN,
      '    with: { run: [echo, ¦"${{ steps.luk.output }}"] }',
      'unknown step "luk"',
    ],
    [
      'a step that is not needed',
      "'${{ inputs.site }}'",
      '¦"${{ steps.restart.output }}"',
      'restart may not be over yet. A step reads only steps that it needs. Add restart to needs',
    ],
    ['its own output', RUN, '    with: { run: [echo, ¦"${{ steps.restart.output }}"] }', 'Read an earlier step'],
    [
      'what a step does not have',
      RUN,
      '    with: { run: [echo, ¦"${{ steps.look.result }}"] }',
      'A step has no result to read',
    ],
    ['an unknown site in an expression', 'sites[inputs.site].url', 'sites.esat.url', 'unknown site "esat"'],
    [
      'a key that the site does not have',
      'sites[inputs.site].url',
      'sites[inputs.site].urll',
      'unknown key of site east "urll". Known: role, capacity, url. Did you mean "url"?',
    ],
    [
      'a main step read at the end',
      '{ id: note, name: Leave a note, uses: noop }',
      '{ id: note, uses: command, with: { run: [echo, ¦"${{ steps.look.output }}"] } }',
      'look may not have run',
    ],
    [
      'a default of the wrong kind',
      'default: asked for',
      'default: ¦5',
      'The default of reason is 5. The input is a string. Put the default in quotes',
    ],
    ['a default site that does not exist', 'default: east', 'default: ¦north', 'unknown site "north"'],
    [
      'an input that a recovery cannot fill',
      'default: asked for',
      'description: why',
      'restart-api cannot recover api: nobody is asked for its input reason',
    ],
    [
      'an unknown fact of a service',
      "'${{ inputs.site }}'",
      "¦'${{ services.api.ownr }}'",
      'unknown fact of a service "ownr"',
    ],
    ['no steps', 'steps:\n', 'steps: ¦[]\nsteppes:\n', 'got []. At least 1 entries'],
    ['a name that another runbook has', 'name: restart-api', 'name: ¦restart-database', 'restart-database'],
  ])('%s', async (_, from, to, expected) => {
    const place = await copy.spoil(RESTART_API, from, to);
    const problems = await copy.problems();
    expect(problems.join('\n').toLowerCase()).toContain(expected.toLowerCase());
    if (to.includes('¦') && !expected.startsWith('restart-database')) expect(problems.join('\n')).toContain(place);
  });
});
