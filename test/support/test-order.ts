/**
 * Files as they are run, from longest to shortest: those that keep the processor busy beside those that mostly wait. A
 * folder that nobody gave a place comes first; no file is left out.
 */
export function mixed<File extends { moduleId: string }>(sorted: readonly File[]): File[] {
  const of = (...folders: string[]): File[] =>
    folders.flatMap((folder) => sorted.filter(({ moduleId }) => moduleId.includes(`/test/${folder}/`)));
  const [busy, waiting] = [of('chaos', 'browser', 'flow', 'contract'), of('smoke', 'support')];
  const pairs = busy.map((file, index) => [file, ...waiting.slice(index, index + 1)]);
  const placed = [...pairs.flat(), ...waiting.slice(busy.length), ...of('architecture', 'unit')];
  return [...sorted.filter((file) => !placed.includes(file)), ...placed];
}
