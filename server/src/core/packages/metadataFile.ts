import type { PackageName } from './packageName.ts';
import { fileVersionsOf } from './fileVersion.ts';
import { parseVersion } from '../versions/version.ts';

export interface MetadataFile {
  /** As the page has it: absolute or relative to it. */
  readonly url: string;
  /** Hexadecimal SHA-256 of the metadata; absent where the index gives none. */
  readonly sha256?: string;
}

/**
 * Where a project page (PEP 691) says that the metadata of a release are (PEP 658, PEP 714); `undefined` where it names
 * none. Files that are not yanked go first.
 */
export function metadataFile(page: unknown, name: PackageName, version: string): MetadataFile | undefined {
  const files = field(page, 'files');
  const wanted = parseVersion(version)?.key;
  if (!Array.isArray(files) || wanted === undefined) {
    return undefined;
  }
  const versionOf = fileVersionsOf(name);
  let yanked: MetadataFile | undefined;
  for (const file of files as readonly unknown[]) {
    const [filename, url] = [field(file, 'filename'), field(file, 'url')];
    const text = typeof filename === 'string' ? versionOf(filename) : undefined;
    // PEP 714: the second name is that of a mistake which became the usage.
    const offer = field(file, 'core-metadata') ?? field(file, 'dist-info-metadata');
    if (text === undefined || typeof url !== 'string' || offer === undefined || offer === false || offer === null) {
      continue;
    }
    if (parseVersion(text)?.key !== wanted) {
      continue;
    }
    const sha256 = field(offer, 'sha256');
    const found: MetadataFile = {
      url,
      ...(typeof sha256 === 'string' && /^[0-9a-f]{64}$/iu.test(sha256) ? { sha256: sha256.toLowerCase() } : {}),
    };
    if (field(file, 'yanked') === false || field(file, 'yanked') === undefined) {
      return found;
    }
    yanked ??= found;
  }
  return yanked;
}

/** What `metadataFile` reads of a page, and no more: a page of thousands of files is not to be kept for it. */
export function metadataFilesOf(page: unknown): readonly object[] {
  const files = field(page, 'files');
  return (Array.isArray(files) ? (files as readonly unknown[]) : []).flatMap((file) => {
    const offer = field(file, 'core-metadata') ?? field(file, 'dist-info-metadata');
    return offer === undefined || offer === false || offer === null
      ? []
      : [
          {
            filename: field(file, 'filename'),
            url: field(file, 'url'),
            yanked: field(file, 'yanked'),
            'core-metadata': offer,
          },
        ];
  });
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
    return undefined;
  }
  return (value as Readonly<Record<string, unknown>>)[name];
}
