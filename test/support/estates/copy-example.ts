import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../../src/runtime/paths.ts';
import { freePort } from '../free-port.ts';

/** The example with other ports, so that several can run beside each other; returns its estate file. `pick` gives each port. */
export async function copyExample(folder: string, pick: () => Promise<number> | number = freePort): Promise<string> {
  await cp(join(ROOT, 'examples/erlmcp'), join(folder, 'erlmcp'), { recursive: true });
  const file = join(folder, 'erlmcp/estate.yaml');
  let text = await readFile(file, 'utf8');
  for (const port of new Set(text.match(/\b18[12]\d\d\b/g))) text = text.replaceAll(port, String(await pick()));
  await writeFile(file, text);
  return file;
}
