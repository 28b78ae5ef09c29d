import type { Manifest } from '../manifests/manifest.ts';
import type { PackageName } from '../packages/packageName.ts';

/** Whether a file pins a package with hashes. */
export function hasHashes(file: Manifest, name: PackageName): boolean {
  return file.entriesFor(name).some((index) => {
    const content = file.contentOf(index);
    return content?.kind === 'index' && content.hashes.length > 0;
  });
}
