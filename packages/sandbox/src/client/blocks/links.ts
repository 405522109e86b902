/** The address of a link that may be followed: http, https or mailto. Null for anything else. */
export const safeLink = (url: string): string | null => withScheme(url, ['http:', 'https:', 'mailto:']);

/** The address of a picture that may be loaded: http, https or image data. Null for anything else. */
export const safeImage = (url: string): string | null =>
  /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i.test(url) ? url : withScheme(url, ['http:', 'https:']);

function withScheme(url: string, schemes: readonly string[]): string | null {
  const parsed = parse(url);
  return parsed && schemes.includes(parsed.protocol) ? parsed.href : null;
}

function parse(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

export interface Place {
  channel: string;
  ts?: string;
}

/** The channel or message that a link leads to inside Slack; null when it leads out of it. */
export function placeOf(url: string): Place | null {
  const parsed = parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return null;
  if (parsed.hostname === 'slack.com' && parsed.pathname === '/app_redirect') {
    const channel = parsed.searchParams.get('channel');
    const ts = parsed.searchParams.get('message_ts');
    return channel === null ? null : { channel, ...(ts === null ? {} : { ts }) };
  }
  // A message's permalink, https://….slack.com/archives/C0123/p1795144440000100, on whatever host Slack stands in for.
  const [, channel, seconds, micros] = /^\/archives\/([CDG]\w+)(?:\/p(\d{10})(\d{6}))?$/.exec(parsed.pathname) ?? [];
  if (channel === undefined || !isSlack(parsed.hostname)) return null;
  return { channel, ...(seconds && micros ? { ts: `${seconds}.${micros}` } : {}) };
}

const isSlack = (host: string): boolean =>
  host === 'slack.com' || host.endsWith('.slack.com') || host === '127.0.0.1' || host === 'localhost';
