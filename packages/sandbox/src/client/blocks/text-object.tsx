import type { VNode } from 'preact';
import type { JsonObject } from '../../../../../src/domain/json.ts';
import type { Drawing } from './drawing.ts';
import { Mrkdwn, MrkdwnLine, Plain } from './mrkdwn.tsx';
import { textAt } from './read.ts';

interface TextProps {
  value: JsonObject;
  context: Drawing;
}

/** A text object as paragraphs. */
export function TextBody({ value, context }: TextProps): VNode {
  const text = textAt(value, 'text');
  if (textAt(value, 'type') === 'mrkdwn') return <Mrkdwn text={text} context={context} />;
  return (
    <p class="bk-p bk-plain">
      <Plain text={text} emoji={value['emoji'] !== false} />
    </p>
  );
}

/** A text object in one line. */
export function TextLine({ value, context }: TextProps): VNode {
  const text = textAt(value, 'text');
  if (textAt(value, 'type') === 'mrkdwn') return <MrkdwnLine text={text} context={context} />;
  return <Plain text={text} emoji={value['emoji'] !== false} />;
}
