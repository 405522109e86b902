/** What is wrong, the rule that it breaks, and what to write instead; each a phrase without a full stop. */
export interface Words {
  message: string;
  rule: string;
  fix: string;
}

export function quote(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export function listNames(names: readonly string[]): string {
  return names.length > 30 ? `${names.slice(0, 30).join(', ')} … (${names.length})` : names.join(', ');
}
