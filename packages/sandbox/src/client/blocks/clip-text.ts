/** About where Slack folds a section, in characters. */
const FOLD = 700;

/** The start of a long text, cut where nothing is cut through; null when the text is short enough. */
export function clipText(text: string): string | null {
  if (text.length <= FOLD * 1.15) return null;
  const head = text.slice(0, FOLD);
  const line = head.lastIndexOf('\n');
  let cut = line > FOLD * 0.6 ? line : Math.max(head.lastIndexOf(' '), FOLD * 0.6);
  const open = head.lastIndexOf('<', cut);
  if (open > head.lastIndexOf('>', cut) && open > 0) cut = open;
  const kept = head.slice(0, cut).trimEnd();
  return kept.split('```').length % 2 === 0 ? `${kept}\n\`\`\`` : kept;
}
