import type { PackageName } from '../../core/packages/packageName.ts';
import { hash } from 'node:crypto';
import { type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Pin } from '../../core/assessment/pin.ts';

// Raise it when what is stored under a key changes its meaning.
const schema = 'pinwatch/2';

/** SHA-256 of the canonical form of a look-up; name and version are in normal form already. */
export function lookupCacheKey(lookup: Lookup): string {
  return digest(`${schema}\nlookup\nPyPI\n${lookupKey(lookup)}`);
}

/** The same for what the service answered about a release, as storage keeps it. */
export function answerKey(pin: Pin, source: string): string {
  return digest(`${schema}\nanswer\n${source}\nPyPI\n${pin.name}\n${pin.version}`);
}

export function packageKey(name: PackageName, source = ''): string {
  return digest(`${schema}\npackage\n${source}\nPyPI\n${name}`);
}

/** What a Pinwatch of this version worked out from the advisories of a package: another version may say it differently. */
export function derivedKey(name: PackageName, source: string, version: string): string {
  return digest(`${schema}\nderived/1\n${version}\n${source}\nPyPI\n${name}`);
}

/** Tells one state of a package's advisories from another. */
export function packageBasis(canonical: string): string {
  return digest(`${schema}\nbasis\n${canonical}`);
}

/** SHA-256 of the canonical form of an advisory id. Ids are case-sensitive. */
export function advisoryKey(id: string, source = ''): string {
  return digest(`${schema}\nadvisory\n${source}\n${id}`);
}

/** What a package index says of the licence of a release. */
export function licenceKey(pin: Pin, index: string): string {
  return digest(`${schema}\nlicence\n${index}\nPyPI\n${pin.name}\n${pin.version}`);
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}
