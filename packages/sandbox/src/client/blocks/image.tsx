import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import { safeImage } from './links.ts';
import { textAt } from './read.ts';

/** A picture, or its words when it may not or cannot be loaded. */
export function BlockImage({ image, class: look }: { image: JsonObject; class: string }): VNode {
  const [broken, setBroken] = useState('');
  const url = safeImage(textAt(image, 'image_url'));
  const words = textAt(image, 'alt_text');
  if (url === null || url === broken) {
    return (
      <span class={`${look} bk-no-image`} role="img" aria-label={words || 'A picture'} title={words}>
        {words || 'A picture'}
      </span>
    );
  }
  return <img class={look} src={url} alt={words} loading="lazy" decoding="async" onError={() => setBroken(url)} />;
}
