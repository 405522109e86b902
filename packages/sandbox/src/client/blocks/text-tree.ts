/* What a formatted text consists of, whether it was mrkdwn, markdown or rich text. */

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike' | 'underline'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'break' }
  | { kind: 'link'; url: string; children: Inline[] }
  | { kind: 'user' | 'channel' | 'group'; id: string; label: string }
  | { kind: 'broadcast'; range: string }
  | { kind: 'date'; seconds: number; format: string; fallback: string; url: string | null; leads: boolean }
  | { kind: 'emoji'; name: string }
  | { kind: 'color'; value: string };

export interface ListItem {
  /** What stands before the item: a bullet, or a number with its dot. */
  marker: string;
  indent: number;
  children: Inline[];
}

export type TextBlock =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'list'; ordered: boolean; items: ListItem[] }
  | { kind: 'quote'; children: TextBlock[] }
  | { kind: 'pre'; text: string }
  | { kind: 'rule' };

export const textNode = (text: string): Inline => ({ kind: 'text', text });

/** Lines as one paragraph. */
export const joined = (lines: Inline[][]): Inline[] =>
  lines.flatMap((line, index): Inline[] => (index === 0 ? line : [{ kind: 'break' }, ...line]));
