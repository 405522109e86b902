import type { VNode } from 'preact';
import type { Json, JsonObject } from '../../../../../src/domain/json.ts';
import type { Drawing } from './drawing.ts';
import { Plain, Tree } from './mrkdwn.tsx';
import { isObject, objectsAt, textAt } from './read.ts';
import { richText } from './rich-text-tree.ts';

/** A table, whose first row names its columns. */
export function Table({ block, context }: { block: JsonObject; context: Drawing }): VNode {
  const settings = objectsAt(block, 'column_settings');
  const value = block['rows'];
  const rows = (Array.isArray(value) ? value : []).map(cellsOf);
  const cell = (content: JsonObject): VNode =>
    textAt(content, 'type') === 'rich_text' ? (
      <Tree blocks={richText(content)} context={context} />
    ) : (
      <Plain text={rawText(content)} />
    );
  const look = (column: number): string => {
    const align = textAt(settings[column] ?? {}, 'align');
    const side = ['center', 'right'].includes(align) ? `bk-${align}` : '';
    return `${side} ${settings[column]?.['is_wrapped'] === true ? 'bk-wrapped' : ''}`.trim();
  };
  const [head = [], ...body] = rows;
  return (
    // A wide table scrolls, so the keyboard must be able to get here.
    <div class="bk-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((content, column) => (
              <th scope="col" class={look(column)}>
                {cell(content)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((cells) => (
            <tr>
              {cells.map((content, column) => (
                <td class={look(column)}>{cell(content)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const cellsOf = (row: Json): JsonObject[] => (Array.isArray(row) ? row.filter(isObject) : []);

function rawText(cell: JsonObject): string {
  const { text, value } = cell;
  if (typeof text === 'string') return text;
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}
