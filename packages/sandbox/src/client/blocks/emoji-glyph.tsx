import type { VNode } from 'preact';
import { EMOJI_DRAWINGS } from './emoji-drawings.tsx';
import { emoji } from './emoji.ts';

/** An emoji by its Slack name. Those of Lifeboat's messages are drawn here, since not every computer has them in a font. */
export function EmojiGlyph({ name }: { name: string }): VNode {
  const drawing = EMOJI_DRAWINGS[name];
  const character = emoji.get(name);
  if (drawing === undefined && character === undefined) return <>{`:${name}:`}</>;
  return (
    <span class="bk-emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {drawing === undefined ? (
        character
      ) : (
        <svg viewBox="0 0 20 20" aria-hidden="true">
          {drawing}
        </svg>
      )}
    </span>
  );
}
