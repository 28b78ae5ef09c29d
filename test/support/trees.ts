import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A folder's files by their paths: a text, bytes, or a link to somewhere. */
export type Tree = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

export function writeTree(folder: string, tree: Tree): void {
  for (const [name, contents] of Object.entries(tree)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof contents === 'object' && 'link' in contents) {
      symlinkSync(contents.link, file);
    } else {
      writeFileSync(file, contents);
    }
  }
}
