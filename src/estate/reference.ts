import * as z from 'zod';
import { formatDuration, parseDuration } from '../domain/duration.ts';
import { CONTEXT_FIELDS, SERVICE_FIELDS } from './check-expressions.ts';
import { ACTIONS } from '../domain/actions/index.ts';
import { estateSchema } from './schema-estate.ts';
import { runbookSchema } from './schema-runbook.ts';

/** The part of JSON Schema that the reference reads. */
interface Shape {
  type?: string | string[];
  format?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  expression?: boolean;
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  additionalProperties?: Shape | boolean;
  anyOf?: Shape[];
  allOf?: Shape[];
}

/** docs/estate.md: every key of an estate and of a runbook, taken from the schemas that check them. */
export function estateReference(): string {
  const actions = Object.entries(ACTIONS).map(([id, { schema }]) => section(`\`${id}\``, shapeOf(schema), 3));
  return [
    '# The estate and its runbooks',
    '<!-- Generated from the schemas in src/estate by `npm run docs`; edit those. -->',
    INTRODUCTION,
    section('The estate file', shapeOf(estateSchema), 2),
    section('A runbook file', shapeOf(runbookSchema), 2),
    '## Actions\n\nWhat a step `uses`, and the keys of its `with`. Checks, probes and rollbacks use http, tcp, command or noop.',
    ...actions,
    EXPRESSIONS,
    DEFAULTS,
  ]
    .join('\n\n')
    .concat('\n');
}

function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
}

/** A table of the keys, then one section for each key that holds further keys. */
function section(title: string, shape: Shape, depth: number): string {
  const keys = Object.entries(shape.properties ?? {});
  const head = `${'#'.repeat(Math.min(depth, 6))} ${title}`;
  if (keys.length === 0) return `${head}\n\nNo keys.`;
  const rows = keys.map(([key, value]) => [
    `\`${key}\``,
    kindOf(value),
    need(key, value, shape),
    value.description ?? '',
  ]);
  const table = alignedTable([['key', 'value', 'needed', 'meaning'], ...rows]);
  const deeper = uniqueSections(keys).map(([key, inner]) => section(`${title} › ${key}`, inner, depth + 1));
  return [head, table, ...deeper].join('\n\n');
}

/** P0 to P3 have one shape, and so have all checks: each is shown once. */
function uniqueSections(keys: [string, Shape][]): [string, Shape][] {
  const seen = new Map<string, [string[], Shape]>();
  for (const [key, value] of keys) {
    const inner = innerOf(value);
    if (inner?.properties === undefined) continue;
    const text = JSON.stringify(inner.properties);
    seen.set(text, [[...(seen.get(text)?.[0] ?? []), key], inner]);
  }
  return [...seen.values()].map(([names, shape]) => [names.join(', '), shape]);
}

function innerOf(shape: Shape): Shape | undefined {
  if (shape.properties !== undefined) return shape;
  if (shape.items !== undefined) return innerOf(shape.items);
  if (typeof shape.additionalProperties === 'object') return innerOf(shape.additionalProperties);
  return undefined;
}

function kindOf(shape: Shape): string {
  const kind = plainKind(shape);
  return shape.expression === true ? `${kind} or expression` : kind;
}

function plainKind(shape: Shape): string {
  if (shape.enum !== undefined) return shape.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (shape.format === 'duration') return 'duration';
  if (shape.anyOf !== undefined) {
    const kinds = [...new Set(shape.anyOf.map(kindOf))];
    return kinds.length > 4 ? 'anything' : kinds.join(' or ');
  }
  if (shape.type === 'array') return shape.items === undefined ? 'list' : `list of ${kindOf(shape.items)}`;
  if (shape.type === 'object' && typeof shape.additionalProperties === 'object' && !shape.properties) {
    return `name → ${kindOf(shape.additionalProperties)}`;
  }
  const words: Record<string, string> = {
    string: 'text',
    object: 'map',
    integer: 'whole number',
    boolean: 'true or false',
  };
  const type = typeof shape.type === 'string' ? shape.type : undefined;
  return type === undefined ? 'anything' : (words[type] ?? type);
}

function need(key: string, value: Shape, parent: Shape): string {
  if (value.default !== undefined && !isEmpty(value.default)) return `default \`${defaultText(value)}\``;
  return value.default === undefined && parent.required?.includes(key) === true ? '**required**' : 'optional';
}

function defaultText({ format, default: value }: Shape): string {
  if (format !== 'duration') return typeof value === 'string' ? value : JSON.stringify(value);
  return formatDuration(typeof value === 'number' ? value : (parseDuration(String(value)) ?? 0));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Columns are padded, so that the formatter has nothing to change. */
function alignedTable(rows: string[][]): string {
  const cells = rows.map((row) => row.map((text) => text.replaceAll('|', '\\|')));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

const INTRODUCTION = `An estate says what is protected, who looks after it, and what to do when it breaks. \`lifeboat check FILE\` lists every
problem as \`file:line:column: error: what. The rule. The fix.\`; unknown keys and names are errors. A \`warning:\` lets the file
be used: a key that nothing acts on yet, or one that needs a token which is not set. A duration is a whole number
and a unit, or several: \`500ms\`, \`90s\`, \`15m\`, \`1h 30m\`, \`7d\`.`;

const EXPRESSIONS = `## Expressions

\`\${{ … }}\` is the language of GitHub's workflows, read by GitHub's own library: paths, \`'text'\`, numbers, \`== != < <= > >=\`, \`!\`,
\`&&\`, \`||\`, \`( )\` and functions. A string that is one expression keeps the type of its value, inside a longer string the value
becomes text. A path in brackets chooses by value: \`\${{ sites[inputs.site].url }}\`, \`['…']\` quotes a name, \`.*\` takes every entry.

- **Text is compared without case**, as at GitHub: \`'WEST' == 'west'\` is true. Names keep their case.
- A number and a text that is one are equal: \`3 == '3'\`.
- Unlike at GitHub a path that does not exist is an error that says where it stands and what there is.
- What is read is never read a second time, and a command is a list of arguments, so nothing is ever pasted into a shell line.

${alignedTable([
  ['path', 'gives'],
  ['`inputs.name`', 'an input of the runbook'],
  ['`sites.name.key`', 'any key of a site'],
  ['`steps.id.output`', 'the output of a step that this one needs, directly or through others'],
  [SERVICE_FIELDS.map((field) => `\`services.name.${field}\``).join(', '), 'facts of a service'],
  ...Object.entries(CONTEXT_FIELDS).map(([root, fields]) => [
    fields.map((field) => `\`${root}.${field}\``).join(', '),
    `of the ${root}`,
  ]),
])}

${alignedTable([
  ['function', 'gives'],
  ['`count(list)`', 'the number of entries of a list or map'],
  [
    '`any(list)`, `all(list)`, `majority(list)`',
    'whether one, every one, more than half of the entries are true; `all` of none is true',
  ],
  ['`min(…)`, `max(…)`, `sum(…)`', 'of a list of numbers, or of the numbers given'],
  ["`duration('1h 30m')`", 'milliseconds'],
  ["`semver('18.2.1', '>=18 <19')`", 'whether the version is in the range, as npm writes ranges'],
  ['`contains`, `startsWith`, `endsWith`, `format`, `join`, `toJSON`, `fromJSON`, `case`', "GitHub's own"],
])}

\`\${{ secrets.NAME }}\` may stand under \`with\` of http, tcp and command. It is read when the step runs, from the environment variable
\`LIFEBOAT_SECRET_NAME\` or the file \`NAME\` in \`LIFEBOAT_SECRETS_DIR\`; plans, requests for approval, the database and logs hold its name
only, and its value is taken out of what the step prints.

The checks of a service can read \`sites\` only. Approvers, receivers of a notice and durations are literal, so that the
plan which people agree to shows them.`;

const DEFAULTS = `## Who works on what

A run holds the services that it acts on until it is over, and what its runbook names under \`locks\`; a second run that wants one of
them is refused and told which run, incident and person hold it. A run acts on: the services given to inputs of type \`service\`; without
such an input, the services that name the runbook under \`recover\`; and every service whose id stands as a whole word under \`with\` of a
step that changes something. A service with \`approval\` is not changed before these people agreed, whatever runbook does it; a
runbook whose own approval is as strict and stands before every change asks once.

## What a repeat would do

\`side_effect\` decides what happens to a step that was interrupted: \`none\` and \`idempotent\` steps run again; a \`once\` step never
does by itself: its \`probe\` says whether it happened, and without a probe a person is asked. Steps that say nothing are \`none\`
for \`tcp\`, \`noop\` and \`http\` with GET, HEAD or OPTIONS, and \`once\` for \`command\` and every other \`http\`.`;
