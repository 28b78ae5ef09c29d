import path from 'node:path';
import { ownIndexNames } from '../../../core/manifests/declared.ts';
import { kindOfNamed } from '../../../core/manifests/manifestKinds.ts';
import type { PackageName } from '../../../core/packages/packageName.ts';
import { decodeRequirementFile } from '../files/readRequirementFile.ts';
import type { LockDisk } from './lockDisk.ts';

// A folder of more is none that people keep requirements in.
const mostFiles = 100;

/** The packages to which the manifests in a folder give a package index of their own. */
export async function readOwnIndexNames(
  folder: string,
  disk: LockDisk<ReadonlySet<PackageName>>,
): Promise<ReadonlySet<PackageName>> {
  const names = (await disk.namesIn(folder)).filter((name) => declaring.test(name));
  const all = new Set<PackageName>();
  for (const name of names.slice(0, mostFiles)) {
    const file = path.join(folder, name);
    const found = await disk.ofFile(file, (bytes) => {
      const read = decodeRequirementFile(bytes, file);
      // Most say nothing of an index, and are not parsed for that.
      return 'error' in read || !/index|source/u.test(read.text)
        ? none
        : ownIndexNames([kindOfNamed(file).parse(read.text)]);
    });
    found?.forEach((one) => all.add(one));
  }
  return all;
}

const none: ReadonlySet<PackageName> = new Set();

const declaring = /^(?:pyproject\.toml|pixi\.toml|Pipfile|.*requirements.*\.txt|.+\.in)$/u;
