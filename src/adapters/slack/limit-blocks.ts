import type { ActionsBlock, ContextBlock, ImageBlock, KnownBlock, SectionBlock } from '@slack/types';
import { fitElement, fitText } from './limit-elements.ts';
import { truncate } from './text.ts';

/** Source of all numbers: Slack's Block Kit reference. */
const MAX = {
  section: 3_000,
  fields: 10,
  field: 2_000,
  header: 150,
  context: 10,
  contextText: 2_000,
  actions: 25,
  imageText: 2_000,
  markdown: 12_000,
  tableRows: 100,
  tableColumns: 20,
};

/** Brings a block within Slack's limits, in place; false when nothing is left of it to show. */
export function fitBlock(block: KnownBlock): boolean {
  if (block.type === 'section') return fitSection(block);
  if (block.type === 'context') return fitContext(block);
  if (block.type === 'actions') return fitActions(block);
  if (block.type === 'image') return fitImage(block);
  if (block.type === 'header') {
    fitText(block.text, MAX.header);
  } else if (block.type === 'markdown') {
    block.text = truncate(block.text, MAX.markdown);
    return block.text !== '';
  } else if (block.type === 'table') {
    block.rows.splice(MAX.tableRows);
    for (const row of block.rows) row.splice(MAX.tableColumns);
  }
  return true;
}

function fitSection(block: SectionBlock): boolean {
  fitText(block.text, MAX.section);
  block.fields?.splice(MAX.fields);
  for (const field of block.fields ?? []) fitText(field, MAX.field);
  if (block.fields?.length === 0) delete block.fields;
  if (block.accessory !== undefined && !fitElement(block.accessory)) delete block.accessory;
  return block.text !== undefined || block.fields !== undefined;
}

function fitContext(block: ContextBlock): boolean {
  block.elements = block.elements.filter((element) => element.type === 'image' || element.text !== '');
  block.elements.splice(MAX.context);
  for (const element of block.elements) {
    if (element.type === 'image') fitElement(element);
    else fitText(element, MAX.contextText);
  }
  return block.elements.length > 0;
}

function fitActions(block: ActionsBlock): boolean {
  block.elements = block.elements.filter(fitElement);
  block.elements.splice(MAX.actions);
  return block.elements.length > 0;
}

function fitImage(block: ImageBlock): boolean {
  block.alt_text = truncate(block.alt_text || '–', MAX.imageText);
  fitText(block.title, MAX.imageText);
  return true;
}
