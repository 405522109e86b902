// Placeholder: the Block Kit renderer brings its own.
import type { JsonObject } from '../../../domain/json.ts';
import type { Drawing } from './drawing.ts';

export function MessageBlocks({ blocks, context }: { blocks: JsonObject[]; context: Drawing }) {
  return (
    <div class="blocks">
      {blocks.map((block, at) =>
        block['type'] === 'actions' && Array.isArray(block['elements']) ? (
          <div key={at}>
            {block['elements'].map((each, n) => (
              <button
                key={n}
                type="button"
                disabled={context.disabled ?? false}
                onClick={() => context.press('b', 'a')}
              >
                {textOf(each).trim()}
              </button>
            ))}
          </div>
        ) : (
          <p key={at}>{textOf(block)}</p>
        ),
      )}
    </div>
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  if (typeof value !== 'object' || value === null) return '';
  if ('text' in value && typeof value.text === 'string') return value.text;
  return Object.values(value).map(textOf).join(' ');
}
