import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messageContext } from '../../templates/context.ts';
import { loadTemplates } from '../../templates/engine.ts';
import { FIELDS } from '../../templates/fields.ts';
import { createLiquid } from '../../templates/liquid.ts';
import { compileTemplate } from '../../templates/template.ts';
import { span } from '../../templates/words.ts';
import { anIncident, facts, smallEstate } from '../support/facts.ts';
import { readable } from '../support/messages.ts';

const file = (body: string, front = ''): string =>
  `---\nname: hello\naudience: a test\nrequired: [incident.label]\nsummary: 'Hello {{ incident.label }}'\n${front}---\n${body}\n`;
const compile = (source: string) => compileTemplate(createLiquid(), 'hello.slack.liquid', source);
const context = async () => messageContext(facts(await smallEstate()), {});

test.each([
  ['a field that does not exist', file('{{ incident.titel }}'), 'there is no field `incident.titel`'],
  ['a group that does not exist', file('{% if incidnet.title %}x{% endif %}'), 'there is no field `incidnet.title`'],
  ['a whole group', file('{{ incident }}'), 'there is no field `incident`'],
  [
    'a wrong field in the summary',
    file('x').replace('Hello {{ incident.label', 'Hello {{ incident.id'),
    '`incident.id`',
  ],
  [
    'a required field that does not exist',
    file('x').replace('[incident.label]', '[incident.id]'),
    '`required` names `incident.id`',
  ],
  ['a filter that could undo the escaping', file('{{ incident.title | raw }}'), 'undefined filter: raw'],
  ['another file', file("{% include 'other' %}"), 'tag "include" not found'],
  ['a key that nobody knows', file('x', 'colour: red\n'), 'colour'],
  ['no front matter', 'Hello', 'it must begin with front matter'],
  ['an unclosed tag', file('{% if incident.title %}'), 'tag {% if incident.title %} not closed'],
])('a template with %s is refused when it is read', (_, source, why) => {
  expect(() => compile(source)).toThrow(why);
  expect(() => compile(source)).toThrow('hello.slack.liquid');
});

test('a file that is named otherwise than its template is refused', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lifeboat-templates-'));
  try {
    await writeFile(join(dir, 'other.slack.liquid'), file('x'));
    await expect(loadTemplates(dir)).rejects.toThrow('its name is `hello`');
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('a value that is missing where it is printed is an error, never nothing', async () => {
  const values = await context();
  expect(() => compile(file('By {{ incident.resolved_by }}')).render(values)).toThrow('the value is missing');
});

test('lines begin headers, fields and small print, and a part without text is left out', async () => {
  const body =
    '# {{ incident.label }}\n---\n| *A*\n| *B*\n---\n{% if incident.resolved_by %}gone{% endif %}\n---\none\ntwo\n---\n~ small';
  const message = compile(file(body)).render(await context());
  expect(readable(message)).toBe('TEXT Hello INC-12\n# INC-12\n| *A*\n| *B*\none\ntwo\n~ small');
});

test('a value cannot make a block', async () => {
  const estate = await smallEstate();
  const incident = anIncident({ last_update: 'x\n---\n# Header' });
  const values = messageContext(facts(estate, { incident }), {});
  const message = compile(file('{{ incident.last_update }}')).render(values);
  expect(message.blocks).toHaveLength(1);
});

test('the context holds exactly the fields that templates may name', async () => {
  const values = await context();
  const fields = Object.fromEntries(Object.entries(values).map(([group, each]) => [group, Object.keys(each).sort()]));
  expect(fields).toEqual(
    Object.fromEntries(Object.entries(FIELDS).map(([group, names]) => [group, [...names].sort()])),
  );
});

test.each([
  [0, 'less than a second'],
  [850, 'less than a second'],
  [1_000, '1 second'],
  [45_000, '45 seconds'],
  [303_000, '5 minutes'],
  [2_520_000, '42 minutes'],
  [3_600_000, '1 hour'],
  [14_700_000, '4 hours 5 minutes'],
  [172_800_000, '2 days'],
  [273_600_000, '3 days 4 hours'],
  [-5, 'less than a second'],
])('%d ms are said as %s', (ms, words) => {
  expect(span(ms)).toBe(words);
});
