import type { VersionParts } from './versionParts.ts';
import type { Operator } from './clause.ts';
import { highestKey, keyAfter, keyAfterPosts, orderKey } from './orderKey.ts';
import { pythonSpace, trimPythonSpace } from '../text/pythonSpace.ts';
import { parseVersion, toVersion } from './version.ts';
import type { Version } from './version.ts';
import { allVersions, intersect, lowestKey, setHas, toVersionSet } from './versionSet.ts';
import type { Stretch, VersionSet } from './versionSet.ts';

/** A comma list of clauses, all of which must hold. The empty list lets every version through. */
export type VersionSpecifier = readonly VersionClause[];

export interface VersionClause {
  readonly operator: Operator;
  /** The version as written, with a trailing `.*` where there is one. */
  readonly text: string;
  /** What the text says without `.*`; `undefined` only for `===` with text that is no version. */
  readonly version?: Version;
  readonly wildcard: boolean;
  /** What the clause allows. For `===`, which compares texts, this is everything. */
  readonly admits: VersionSet;
}

/** `undefined` where a clause is not what PEP 440 allows, as `packaging` 26.3 reads it. */
export function parseSpecifier(text: string): VersionSpecifier | undefined {
  const clauses: VersionClause[] = [];
  for (const part of text.split(',')) {
    const trimmed = trimPythonSpace(part);
    if (trimmed === '') {
      continue;
    }
    const operator = operators.find((candidate) => trimmed.startsWith(candidate));
    const clause = operator && parseClause(operator, trimmed.slice(operator.length));
    if (clause === undefined) {
      return undefined;
    }
    clauses.push(clause);
  }
  return clauses;
}

/** One clause, its version as written. `undefined` where PEP 440 does not allow that version with that operator. */
export function parseClause(operator: Operator, versionText: string): VersionClause | undefined {
  const text = trimPythonSpace(versionText);
  if (operator === '===') {
    const version = parseVersion(text);
    return noArbitraryText.test(text)
      ? undefined
      : { operator, text, wildcard: false, admits: allVersions, ...(version === undefined ? {} : { version }) };
  }
  const wildcard = text.endsWith('.*');
  const plain = wildcard ? text.slice(0, -2) : text;
  const version = plain === trimPythonSpace(plain) ? parseVersion(plain) : undefined;
  if (version === undefined || !isAllowed(operator, version, wildcard)) {
    return undefined;
  }
  return { operator, text, version, wildcard, admits: admitted(operator, version, wildcard) };
}

/**
 * Whether the candidate fulfils every clause. As text it may be anything: what is no version fulfils the empty
 * specifier and `===` only. Pre-releases are allowed unless `prereleases` is false: a lone candidate has no final
 * release to stand back for (`packaging` since 26.0).
 */
export function contains(
  specifier: VersionSpecifier,
  candidate: string | Version,
  options: { readonly prereleases?: boolean | undefined } = {},
): boolean {
  const version = typeof candidate === 'string' ? parseVersion(candidate) : candidate;
  const text = typeof candidate === 'string' ? candidate : candidate.normal;
  if (options.prereleases === false && version?.isPrerelease === true) {
    return false;
  }
  return specifier.every((clause) =>
    clause.operator === '==='
      ? clause.text.toLowerCase() === text.toLowerCase()
      : version !== undefined && setHas(clause.admits, version.key),
  );
}

/** Whether the clause names a pre-release itself, which lets an installer choose pre-releases. */
export function asksForPrereleases(clause: VersionClause): boolean {
  return clause.operator !== '!=' && !clause.wildcard && clause.version?.isPrerelease === true;
}

/** The versions that fulfil every clause. A clause with `===` compares texts and so leaves nothing out here. */
export function admittedVersions(specifier: VersionSpecifier): VersionSet {
  return specifier.reduce((set, { admits }) => intersect(set, admits), allVersions);
}

// Longest first, so that `===` is not read as `==`.
const operators: readonly Operator[] = ['===', '~=', '==', '!=', '<=', '>=', '<', '>'];

// White space, a semicolon or a closing parenthesis ends the text of `===`.
const noArbitraryText = new RegExp(`[${pythonSpace};)]`);

function isAllowed(operator: Operator, version: Version, wildcard: boolean): boolean {
  if (wildcard) {
    const bare = version.pre === undefined && version.post === undefined && version.dev === undefined;
    return (operator === '==' || operator === '!=') && bare && version.local === undefined;
  }
  switch (operator) {
    case '==':
    case '!=':
    case '===':
      return true;
    case '~=':
      return version.local === undefined && version.release.length > 1;
    case '<=':
    case '>=':
    case '<':
    case '>':
      return version.local === undefined;
  }
}

/** PEP 440, "Version specifiers", each clause as stretches of the order. */
function admitted(operator: Exclude<Operator, '==='>, version: Version, wildcard: boolean): VersionSet {
  const { key } = version;
  switch (operator) {
    case '==':
      return toVersionSet([equal(version, wildcard)]);
    case '!=': {
      const { from, to } = equal(version, wildcard);
      return toVersionSet([
        { from: lowestKey, to: from },
        { from: to, to: highestKey },
      ]);
    }
    case '~=':
      return toVersionSet([{ from: key, to: afterRelease(version.epoch, version.release.slice(0, -1)) }]);
    case '>=':
      return toVersionSet([{ from: key, to: highestKey }]);
    case '<=':
      return toVersionSet([{ from: lowestKey, to: afterLocals(version) }]);
    case '>':
      return toVersionSet([{ from: afterPosts(version), to: highestKey }]);
    case '<':
      return toVersionSet([{ from: lowestKey, to: beforePrereleases(version) }]);
  }
}

function equal(version: Version, wildcard: boolean): Stretch {
  if (wildcard) {
    const { epoch, release } = version;
    return { from: orderKey({ epoch, release, dev: '0' }), to: afterRelease(epoch, release) };
  }
  return { from: version.key, to: version.local === undefined ? afterLocals(version) : keyAfter(version) };
}

/** The first key that does not begin with this release: 1.3.dev0 for 1.2. */
function afterRelease(epoch: string, release: readonly string[]): string {
  return orderKey({ epoch, release: [...release.slice(0, -1), next(release.at(-1))], dev: '0' });
}

/** The least version above this one and its local versions: 1.0.post0.dev0 for 1.0. */
function afterLocals({ epoch, release, pre, post, dev }: VersionParts): string {
  const parts = { epoch, release, ...(pre === undefined ? {} : { pre }) };
  if (dev !== undefined) {
    return orderKey({ ...parts, ...(post === undefined ? {} : { post }), dev: next(dev) });
  }
  return orderKey({ ...parts, post: post === undefined ? '0' : next(post), dev: '0' });
}

/** `>1.0` does not allow 1.0.post1, `>1.0.post1` does allow 1.0.post2. */
function afterPosts(version: Version): string {
  const { epoch, release, pre, post, dev } = version;
  if (post !== undefined || dev !== undefined) {
    return afterLocals(version);
  }
  return pre === undefined
    ? keyAfterPosts(version)
    : orderKey({ epoch, release, pre: { ...pre, number: next(pre.number) }, dev: '0' });
}

/** `<1.0` does not allow 1.0rc1, `<1.0rc1` does allow 1.0b1. */
function beforePrereleases(version: Version): string {
  return version.isPrerelease ? version.key : toVersion({ ...version, dev: '0' }).key;
}

function next(digits: string | undefined): string {
  return String(BigInt(digits ?? 0) + 1n);
}
