import type { ComponentChildren, VNode } from 'preact';
import { useNow } from './clock.ts';
import { maySee } from '../sidebar/channel-order.ts';
import { nameOfChannel, nameOfUser, type Drawing } from './drawing.ts';
import { EmojiGlyph } from './emoji-glyph.tsx';
import { placeOf } from './links.ts';
import { formatDate, isRelative } from './slack-date.ts';
import type { Inline } from './text-tree.ts';

/** A run of formatted text. */
export const Inlines = ({ nodes, context }: { nodes: Inline[]; context: Drawing }): VNode => (
  <>
    {nodes.map((node) => (
      <Piece node={node} context={context} />
    ))}
  </>
);

function Piece({ node, context }: { node: Inline; context: Drawing }): VNode {
  switch (node.kind) {
    case 'text':
      return <>{node.text}</>;
    case 'break':
      return <br />;
    case 'bold':
      return (
        <b>
          <Inlines nodes={node.children} context={context} />
        </b>
      );
    case 'italic':
      return (
        <i>
          <Inlines nodes={node.children} context={context} />
        </i>
      );
    case 'strike':
      return (
        <s>
          <Inlines nodes={node.children} context={context} />
        </s>
      );
    case 'underline':
      return (
        <u>
          <Inlines nodes={node.children} context={context} />
        </u>
      );
    case 'code':
      return <code class="bk-code">{node.text}</code>;
    case 'emoji':
      return <EmojiGlyph name={node.name} />;
    case 'link':
      return (
        <Anchor url={node.url} context={context}>
          <Inlines nodes={node.children} context={context} />
        </Anchor>
      );
    case 'user':
      return <UserMention id={node.id} label={node.label} context={context} />;
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} context={context} />;
    case 'group':
      return <span class="bk-mention">@{(node.label || node.id).replace(/^@/, '')}</span>;
    case 'broadcast':
      return <span class="bk-mention bk-mention-me">@{node.range}</span>;
    case 'color':
      return <ColorValue value={node.value} />;
    case 'date':
      return <Moment node={node} context={context} />;
  }
}

/** A link; one that leads to a place in Slack opens it here. */
function Anchor(props: { url: string; context: Drawing; children: ComponentChildren }): VNode {
  const { url, context, children } = props;
  return (
    <a
      class="bk-link"
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => follow(event, url, context)}
    >
      {children}
    </a>
  );
}

function follow(event: MouseEvent, url: string, context: Drawing): void {
  const place = placeOf(url);
  if (!place) return;
  event.preventDefault();
  context.openChannel(place.channel, place.ts);
}

function UserMention({ id, label, context }: { id: string; label: string; context: Drawing }): VNode {
  const name = `@${nameOfUser(context, id) ?? (label.replace(/^@/, '') || id)}`;
  const look = id === context.me ? 'bk-mention bk-mention-me' : 'bk-mention';
  if (context.openUser === undefined) return <span class={look}>{name}</span>;
  return (
    <button type="button" class={look} onClick={() => context.openUser?.(id)}>
      {name}
    </button>
  );
}

function ChannelMention({ id, label, context }: { id: string; label: string; context: Drawing }): VNode {
  const channel = context.channels.get(id);
  const name = nameOfChannel(context, id) ?? label.replace(/^#/, '');
  // Slack says no more of a channel that the reader may not see.
  if (name === '' || (channel && !maySee(channel, context.me))) return <span class="bk-mention">#private channel</span>;
  return (
    <button type="button" class="bk-mention" onClick={() => context.openChannel(id)}>
      {channel?.is_im ? '@' : '#'}
      {name}
    </button>
  );
}

const ColorValue = ({ value }: { value: string }): VNode =>
  /^#[0-9a-f]{3,8}$/i.test(value) ? (
    <span class="bk-color">
      <span class="bk-swatch" style={{ background: value }} aria-hidden="true" />
      {value}
    </span>
  ) : (
    <>{value}</>
  );

const HOUR12 = new Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions().hour12 ?? true;

function Moment({ node, context }: { node: Extract<Inline, { kind: 'date' }>; context: Drawing }): VNode {
  const now = useNow(isRelative(node.format));
  const reader = { now, hour12: HOUR12 };
  const words = formatDate(node.seconds, node.format, reader, node.leads);
  const at = new Date(node.seconds * 1000);
  if (words === '' || Number.isNaN(at.getTime())) return <>{node.fallback}</>;
  const time = (
    <time dateTime={at.toISOString()} title={formatDate(node.seconds, '{date_long_full} at {time_secs}', reader)}>
      {words}
    </time>
  );
  return node.url === null ? (
    time
  ) : (
    <Anchor url={node.url} context={context}>
      {time}
    </Anchor>
  );
}
