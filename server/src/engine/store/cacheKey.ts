import type { PackageName } from '../../core/packages/packageName.ts';
import { hash } from 'node:crypto';
import type { Pin } from '../../core/assessment/pin.ts';

// Raise it when what is stored under a key changes its meaning.
const schema = 'pinwatch/2';

// SHA-256 of canonical forms, for what goes to storage and comes from there. Names and versions are in normal form already.

/** What the service answered about a release. */
export function answerKey(pin: Pin, source: string): string {
  return digest(`${schema}\nanswer\n${source}\nPyPI\n${pin.name}\n${pin.version}`);
}

export function packageKey(name: PackageName, source: string): string {
  return digest(`${schema}\npackage\n${source}\nPyPI\n${name}`);
}

/** What a Pinwatch of this version worked out from the advisories of a package: another version may say it differently. */
export function derivedKey(name: PackageName, source: string, version: string): string {
  return digest(`${schema}\nderived/1\n${version}\n${source}\nPyPI\n${name}`);
}

/** One part of all that a Pinwatch of this version worked out: a few values instead of thousands. */
export function answerPageKey(page: number, source: string, version: string): string {
  return digest(`${schema}\npage/1\n${version}\n${source}\nPyPI\n${page}`);
}

/** Tells one state of a package's advisories from another. */
export function packageBasis(canonical: string): string {
  return digest(`${schema}\nbasis\n${canonical}`);
}

/** Ids are case-sensitive. */
export function advisoryKey(id: string, source: string): string {
  return digest(`${schema}\nadvisory\n${source}\n${id}`);
}

/** What a package index says of the licence of a release. */
export function licenceKey(pin: Pin, index: string): string {
  return digest(`${schema}\nlicence\n${index}\nPyPI\n${pin.name}\n${pin.version}`);
}

/** What a release asks for, by its metadata on a package index. */
export function needsKey(pin: Pin, index: string): string {
  return digest(`${schema}\nneeds\n${index}\nPyPI\n${pin.name}\n${pin.version}`);
}

/** What a package index says of a project. */
export function projectFactsKey(name: PackageName, index: string): string {
  return digest(`${schema}\nproject\n${index}\nPyPI\n${name}`);
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
