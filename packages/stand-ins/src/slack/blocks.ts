import type { Json, JsonObject } from '../../../../src/domain/json.ts';
import { isObject, textOf } from './args.ts';
import { checkText, Problems } from './block-rules.ts';
import { allowedElements, checkElement, checkImage } from './elements.ts';
import { SlackRefusal } from './refusal.ts';

type Surface = 'message' | 'modal' | 'home';

/** Slack: 50 blocks in a message, 100 in a modal or home. */
const maxBlocks: Record<Surface, number> = { message: 50, modal: 100, home: 100 };

type Check = (problems: Problems, block: JsonObject, path: string) => void;

const checks: Record<string, Check> = {
  section(problems, block, path) {
    const fields = block['fields'];
    checkText(problems, block['text'], `${path}/text`, { max: 3000, required: fields === undefined });
    if (fields !== undefined) {
      problems.items(fields, `${path}/fields`, 10).forEach((field, n) => {
        checkText(problems, field, `${path}/fields/${n}`, { max: 2000 });
      });
    }
    if (block['accessory'] !== undefined) {
      checkElement(problems, block['accessory'], `${path}/accessory`, allowedElements.accessory);
    }
  },
  header: (problems, block, path) => checkText(problems, block['text'], `${path}/text`, { max: 150, plainOnly: true }),
  divider: () => undefined,
  actions(problems, block, path) {
    problems.items(block['elements'], `${path}/elements`, 25).forEach((element, n) => {
      checkElement(problems, element, `${path}/elements/${n}`, allowedElements.actions);
    });
  },
  context(problems, block, path) {
    problems.items(block['elements'], `${path}/elements`, 10).forEach((element, n) => {
      if (element['type'] === 'image') checkImage(problems, element, `${path}/elements/${n}`);
      else checkText(problems, element, `${path}/elements/${n}`, { max: 3000 });
    });
  },
  image(problems, block, path) {
    checkImage(problems, block, path);
    checkText(problems, block['title'], `${path}/title`, { max: 2000, plainOnly: true, required: false });
  },
  input(problems, block, path) {
    checkText(problems, block['label'], `${path}/label`, { max: 2000, plainOnly: true });
    checkText(problems, block['hint'], `${path}/hint`, { max: 2000, plainOnly: true, required: false });
    checkElement(problems, block['element'], `${path}/element`, allowedElements.input);
  },
  markdown: (problems, block, path) => problems.string(block['text'], `${path}/text`, 12_000, true),
  rich_text(problems, block, path) {
    problems.items(block['elements'], `${path}/elements`, 1000, false);
  },
  table(problems, block, path) {
    const rows = block['rows'];
    if (!Array.isArray(rows)) problems.add('missing required field: rows', path);
    else if (rows.length > 100) problems.add('no more than 100 items allowed', `${path}/rows`);
    else if (rows.some((row) => Array.isArray(row) && row.length > 20))
      problems.add('no more than 20 items allowed', `${path}/rows`);
  },
};

/** Blocks that are taken as they are: this stand-in does not know their rules. */
const unchecked = ['video', 'file', 'context_actions', 'card', 'carousel', 'alert', 'plan', 'task_card', 'data_table'];

function checkBlock(problems: Problems, block: JsonObject, path: string): void {
  const type = textOf(block['type']);
  const check = checks[type];
  problems.string(block['block_id'], `${path}/block_id`, 255);
  if (check) check(problems, block, path);
  else if (!unchecked.includes(type)) problems.add(`unsupported type: ${type}`, `${path}/type`);
}

function checkUnique(problems: Problems, blocks: JsonObject[], path: string): void {
  const seen = new Set<string>();
  blocks.forEach((block, n) => {
    const id = block['block_id'];
    if (typeof id !== 'string') return;
    if (seen.has(id)) problems.add(`block_id ${id} already exists`, `${path}/${n}/block_id`);
    seen.add(id);
  });
}

const elementsOf = (block: JsonObject): JsonObject[] =>
  [block['accessory'], block['element'], ...(Array.isArray(block['elements']) ? block['elements'] : [])].filter(
    isObject,
  );

/** Gives each block and each interactive element the id that Slack would make up. */
function withIds(blocks: JsonObject[], nextId: () => string): JsonObject[] {
  const copies = structuredClone(blocks);
  for (const block of copies) {
    block['block_id'] ??= nextId();
    for (const element of elementsOf(block)) {
      const interactive = typeof element['type'] === 'string' && allowedElements.actions.includes(element['type']);
      if (interactive || block['type'] === 'input') element['action_id'] ??= nextId();
    }
  }
  return copies;
}

/** Checks blocks as Slack does and returns them with all ids filled in. Throws `invalid_blocks` with every problem. */
export function acceptBlocks(value: Json | undefined, surface: Surface, nextId: () => string): JsonObject[] {
  const problems = new Problems();
  if (!Array.isArray(value)) throw new SlackRefusal('invalid_blocks_format');
  const blocks = problems.items(value, '/blocks', maxBlocks[surface], false);
  blocks.forEach((block, n) => checkBlock(problems, block, `/blocks/${n}`));
  checkUnique(problems, blocks, '/blocks');
  if (problems.list.length > 0) throw new SlackRefusal('invalid_blocks', problems.list);
  return withIds(blocks, nextId);
}

/** Checks a modal or home and returns its blocks with ids. Throws `invalid_arguments` with every problem. */
export function acceptView(view: JsonObject, nextId: () => string): JsonObject[] {
  const problems = new Problems();
  const type = view['type'];
  problems.oneOf(type ?? 'missing', '/view/type', ['modal', 'home']);
  if (type === 'modal') {
    checkText(problems, view['title'], '/view/title', { max: 24, plainOnly: true });
    checkText(problems, view['submit'], '/view/submit', { max: 24, plainOnly: true, required: false });
    checkText(problems, view['close'], '/view/close', { max: 24, plainOnly: true, required: false });
  }
  problems.string(view['private_metadata'], '/view/private_metadata', 3000);
  problems.string(view['callback_id'], '/view/callback_id', 255);
  problems.string(view['external_id'], '/view/external_id', 255);
  const blocks = problems.items(view['blocks'], '/view/blocks', maxBlocks.modal, false);
  blocks.forEach((block, n) => checkBlock(problems, block, `/view/blocks/${n}`));
  checkUnique(problems, blocks, '/view/blocks');
  if (type === 'modal' && blocks.some((block) => block['type'] === 'input') && view['submit'] === undefined) {
    problems.add('a submit button is required when blocks contain input', '/view');
  }
  if (problems.list.length > 0) throw new SlackRefusal('invalid_arguments', problems.list);
  if (JSON.stringify(view).length > 250_000) throw new SlackRefusal('view_too_large');
  return withIds(blocks, nextId);
}

/** All text that a person can read in these blocks, line by line. */
export function readableText(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(readableText).filter(Boolean).join('\n');
  if (!isObject(value)) return '';
  return Object.entries(value)
    .map(([key, inner]) => (key === 'text' && typeof inner === 'string' ? inner : readableText(inner)))
    .filter(Boolean)
    .join('\n');
}
