import type { PackageName } from './packageName.ts';
import { compareVersions, parseVersion, type Version } from '../versions/version.ts';
import { fileVersionsOf } from './fileVersion.ts';
import type { Release, ReleaseFile } from './release.ts';

/** A project page of the simple API, decoded, or what it is instead. */
export type DecodedProject =
  | { readonly kind: 'project'; readonly releases: readonly Release[] }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * The releases of a project page (PEP 691, API version 1.x), ascending by PEP 440. A release is what pip could install:
 * the `versions` of PEP 700 without a file for them are none. A file that cannot be read is left out.
 */
export function decodeProject(raw: unknown, name: PackageName): DecodedProject {
  const apiVersion = field(field(raw, 'meta'), 'api-version');
  const files = field(raw, 'files');
  // PEP 629: what a new major version says may mean something else.
  if (typeof apiVersion !== 'string' || !/^1\.\d+$/.test(apiVersion)) {
    return { kind: 'invalid', message: 'sent a page of an unknown API version' };
  }
  if (!Array.isArray(files)) {
    return { kind: 'invalid', message: 'sent a page without files' };
  }
  const found = new FoundReleases();
  const versionOf = fileVersionsOf(name);
  for (const file of files as readonly unknown[]) {
    addFile(found, file, versionOf);
  }
  const releases = found.all.sort((a, b) => compareVersions(a.version, b.version)).map(toRelease);
  return { kind: 'project', releases };
}

/** What `decodeProject` reads of a page, and no more: for who may ask for the releases of a page that was read for something else. */
export function releasePartOf(raw: unknown): object {
  const files = field(raw, 'files');
  return {
    meta: { 'api-version': field(field(raw, 'meta'), 'api-version') },
    files: (Array.isArray(files) ? (files as readonly unknown[]) : []).map((file) => ({
      filename: field(file, 'filename'),
      hashes: { sha256: field(field(file, 'hashes'), 'sha256') },
      'requires-python': field(file, 'requires-python'),
      yanked: field(file, 'yanked'),
      'upload-time': field(file, 'upload-time'),
    })),
  };
}

interface FoundRelease {
  readonly version: Version;
  readonly files: FoundFile[];
}

interface FoundFile extends ReleaseFile {
  readonly requiresPython: string | undefined;
  readonly uploadedAt: number;
}

// A longer one says nothing a person meant; it is cut so that it stays in memory for little.
const longestRequiresPython = 500;

/** By version as written and by version as meant: a project has many files, and few versions to read. */
class FoundReleases {
  readonly #byText = new Map<string, FoundRelease | undefined>();
  readonly #byKey = new Map<string, FoundRelease>();

  get all(): FoundRelease[] {
    return [...this.#byKey.values()];
  }

  /** `undefined` for what is no version. */
  of(text: string): FoundRelease | undefined {
    if (this.#byText.has(text)) {
      return this.#byText.get(text);
    }
    const version = parseVersion(text);
    const release = version && (this.#byKey.get(version.key) ?? { version, files: [] });
    this.#byText.set(text, release);
    if (release !== undefined) {
      this.#byKey.set(release.version.key, release);
    }
    return release;
  }
}

function addFile(found: FoundReleases, raw: unknown, versionOf: (filename: string) => string | undefined): void {
  const filename = field(raw, 'filename');
  const text = typeof filename === 'string' ? versionOf(filename) : undefined;
  const release = text === undefined ? undefined : found.of(text);
  if (typeof filename !== 'string' || release === undefined) {
    return;
  }
  const sha256 = digestOf(field(field(raw, 'hashes'), 'sha256'));
  const requiresPython = field(raw, 'requires-python');
  release.files.push({
    filename,
    ...(sha256 === undefined ? {} : { sha256 }),
    yanked: isYanked(field(raw, 'yanked')),
    requiresPython:
      typeof requiresPython === 'string' && requiresPython !== ''
        ? requiresPython.slice(0, longestRequiresPython)
        : undefined,
    uploadedAt: timeOf(field(raw, 'upload-time')),
  });
}

/** PEP 700: ISO 8601, in UTC. `NaN` where it is not. */
function timeOf(value: unknown): number {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,20}Z$/u.test(value) ? Date.parse(value) : NaN;
}

/** PEP 592: a reason is a yes, too. */
function isYanked(value: unknown): boolean {
  return value === true || (typeof value === 'string' && value !== '');
}

function digestOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : undefined;
}

/** `requires-python` belongs to a file; what a file that is not yanked says goes first. */
function toRelease({ version, files }: FoundRelease): Release {
  const saying = files.filter(({ requiresPython }) => requiresPython !== undefined);
  const requiresPython = (saying.find(({ yanked }) => !yanked) ?? saying[0])?.requiresPython;
  const times = files.map(({ uploadedAt }) => uploadedAt).filter(Number.isFinite);
  return {
    version,
    yanked: files.every(({ yanked }) => yanked),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(times.length === 0 ? {} : { uploadedAt: times.reduce((a, b) => Math.min(a, b)) }),
    files: files.map(({ filename, sha256, yanked }) => ({
      filename,
      ...(sha256 === undefined ? {} : { sha256 }),
      yanked,
    })),
  };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
    return undefined;
  }
  return (value as Readonly<Record<string, unknown>>)[name];
}
