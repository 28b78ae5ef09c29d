import { contains, parseSpecifier } from './specifier.ts';
import { baseForm, compareVersions, parseVersion, publicForm, toVersion } from './version.ts';
import type { Version } from './version.ts';

/** A line of `pinwatch version --jsonl`, answered. */
export type VersionAnswer = ParseAnswer | ResultAnswer | { readonly error: string };

export type ParseAnswer =
  | { readonly normal: null }
  | {
      readonly normal: string;
      readonly isPrerelease: boolean;
      readonly isPostrelease: boolean;
      readonly isDevrelease: boolean;
      readonly epoch: WholeNumber;
      readonly release: readonly WholeNumber[];
      readonly pre: readonly ['a' | 'b' | 'rc', WholeNumber] | null;
      readonly post: WholeNumber | null;
      readonly dev: WholeNumber | null;
      readonly local: string | null;
      readonly public: string;
      readonly base: string;
      readonly canonical: string;
    };

export interface ResultAnswer {
  readonly result: -1 | 0 | 1 | boolean | null;
  readonly error?: string;
}

/** Digits above 2^53 - 1, so that none is lost. */
export type WholeNumber = number | string;

/** Answers one request, whatever it is: what cannot be answered gets an error. */
export function answerVersionOperation(request: unknown): VersionAnswer {
  const field = (key: string): unknown => (isObject(request) && Object.hasOwn(request, key) ? request[key] : undefined);
  const [v, a, b, spec, pre] = [field('v'), field('a'), field('b'), field('spec'), field('pre')];
  switch (field('op')) {
    case 'parse':
      return typeof v === 'string' ? parse(v) : { error: '"parse" needs "v", a text.' };
    case 'compare':
      return typeof a === 'string' && typeof b === 'string'
        ? compare(a, b)
        : { error: '"compare" needs "a" and "b", both texts.' };
    case 'contains':
      if (typeof spec !== 'string' || typeof v !== 'string') {
        return { error: '"contains" needs "spec" and "v", both texts.' };
      }
      return pre === undefined || pre === null || typeof pre === 'boolean'
        ? isContained(spec, v, pre ?? undefined)
        : { error: '"pre" should be true, false or null.' };
    default:
      return { error: '"op" should be "parse", "compare" or "contains".' };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parse(text: string): ParseAnswer {
  const version = parseVersion(text);
  if (version === undefined) {
    return { normal: null };
  }
  const { normal, isPrerelease, epoch, release, pre, post, dev, local } = version;
  return {
    normal,
    isPrerelease,
    isPostrelease: post !== undefined,
    isDevrelease: dev !== undefined,
    epoch: wholeNumber(epoch),
    release: release.map(wholeNumber),
    pre: pre === undefined ? null : [pre.letter, wholeNumber(pre.number)],
    post: post === undefined ? null : wholeNumber(post),
    dev: dev === undefined ? null : wholeNumber(dev),
    local: local ?? null,
    public: publicForm(version),
    base: baseForm(version),
    canonical: canonicalForm(version),
  };
}

function compare(a: string, b: string): ResultAnswer {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left !== undefined && right !== undefined) {
    return { result: compareVersions(left, right) };
  }
  return { result: null, error: `${left === undefined ? '"a"' : '"b"'} is not a PEP 440 version.` };
}

function isContained(spec: string, candidate: string, prereleases: boolean | undefined): ResultAnswer {
  const specifier = parseSpecifier(spec);
  return specifier === undefined
    ? { result: null, error: '"spec" is not a PEP 440 specifier.' }
    : { result: contains(specifier, candidate, { prereleases }) };
}

function wholeNumber(digits: string): WholeNumber {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}

/** The normal form without trailing zeros of the release: the same text for all equal versions. */
function canonicalForm(version: Version): string {
  const end = version.release.findLastIndex((part) => part !== '0') + 1;
  return toVersion({ ...version, release: version.release.slice(0, Math.max(end, 1)) }).normal;
}
