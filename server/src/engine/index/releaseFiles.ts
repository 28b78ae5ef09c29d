import type { PackageName } from '../../core/packages/packageName.ts';
import { filesOfRelease } from '../../core/packages/filesOfRelease.ts';
import type { Release, ReleaseFile } from '../../core/packages/release.ts';
import type { PackageIndex } from './packageIndex.ts';
import type { PackageKnowledge } from '../store/packageKnowledge.ts';

export interface ReleaseFilesOptions {
  readonly scanner: { peekPackage(name: PackageName): PackageKnowledge | undefined };
  /** Asked where nothing is known of a package's files; storage keeps releases without them. */
  readonly index: PackageIndex | undefined;
  readonly signal: AbortSignal;
}

/** Looks up the files of a release; `undefined` where they are not known. */
export type FilesOf = (name: PackageName, version: string) => readonly ReleaseFile[] | undefined;

/** The files of these packages' releases. Rejects only with the signal's reason: what the index does not say is not known. */
export async function releaseFiles(
  names: readonly PackageName[],
  { scanner, index, signal }: ReleaseFilesOptions,
): Promise<FilesOf> {
  const known = (name: PackageName): readonly Release[] => scanner.peekPackage(name)?.facts.releases ?? [];
  const asked = new Map<PackageName, readonly Release[]>();
  await Promise.all(
    names.map(async (name) => {
      if (index === undefined || known(name).some(({ files }) => files.length > 0)) {
        return;
      }
      try {
        asked.set(name, (await index.releases(name, signal)) ?? []);
      } catch {
        signal.throwIfAborted();
      }
    }),
  );
  return (name, version) => {
    const files = filesOfRelease(known(name), version) ?? [];
    return files.length > 0 ? files : filesOfRelease(asked.get(name), version);
  };
}
