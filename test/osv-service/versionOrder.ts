import { parse } from '@renovatebot/pep440';

/**
 * The order OSV's server puts PyPI versions in: "0" alone lowest, then everything that is no PEP 440 version, then the
 * versions by PEP 440. Written apart from the engine's own order, so that one can check the other.
 */
export class VersionOrder {
  private readonly places = new Map<string, Place>();

  compare(left: string, right: string): number {
    return comparePlaces(this.place(left), this.place(right));
  }

  /** The same text for versions that are equal, and for no others. */
  canonical(version: string): string {
    return this.place(version).canonical;
  }

  private place(version: string): Place {
    const known = this.places.get(version);
    if (known) return known;
    const place = placeOf(version);
    this.places.set(version, place);
    return place;
  }
}

type Whole = number | bigint;

type Place = { readonly canonical: string } & (
  | { readonly kind: 'zero' }
  | { readonly kind: 'unparsed'; readonly text: string }
  | ({ readonly kind: 'proper' } & Parts)
);

interface Parts {
  readonly epoch: Whole;
  /** Without zeros at the end. */
  readonly release: readonly Whole[];
  /** -1 for a development release of the final one, 0 to 2 for a, b and rc, 3 where there is no pre-release. */
  readonly phase: number;
  readonly phaseNumber: Whole;
  /** -1 where there is none. */
  readonly post: Whole;
  /** `Infinity` where there is none. */
  readonly dev: Whole;
  readonly local: readonly (Whole | string)[];
}

function placeOf(version: string): Place {
  if (version === '0') return { kind: 'zero', canonical: 'zero' };
  const parts = parseExactly(version.toLowerCase().replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, ''));
  if (parts === undefined) {
    const text = unparsedText(version.toLowerCase());
    return { kind: 'unparsed', text, canonical: `unparsed ${text}` };
  }
  const { epoch, release, phase, phaseNumber, post, dev, local } = parts;
  const canonical = `${epoch}!${release.join('.')} ${phase}.${phaseNumber} ${post} ${dev} ${local.join('.')}`;
  return { kind: 'proper', canonical, ...parts };
}

/**
 * The library reads numbers as doubles and a local label `1e5` as 100000. So it is given the public part only, with
 * every number replaced by its place in a list, and the digits are put back afterwards.
 */
function parseExactly(version: string): Parts | undefined {
  const plus = version.indexOf('+');
  const local = plus < 0 ? undefined : version.slice(plus + 1);
  if (local !== undefined && !/^[a-z0-9]+(?:[-_.][a-z0-9]+)*$/.test(local)) return undefined;
  const numbers: Whole[] = [0];
  const numbered = (plus < 0 ? version : version.slice(0, plus)).replace(/[0-9]+/g, (digits) =>
    String(numbers.push(exactNumber(digits)) - 1),
  );
  const parsed = parse(numbered);
  if (!parsed) return undefined;
  const at = (index: string | number | undefined): Whole => numbers[Number(index ?? 0)] ?? 0;
  const release = parsed.release.map(at);
  while (release.at(-1) === 0) release.pop();
  const { pre, post, dev } = parsed as Partial<typeof parsed>;
  return {
    epoch: at(parsed.epoch),
    release,
    phase: pre ? ['a', 'b', 'rc'].indexOf(String(pre[0])) : dev && !post ? -1 : 3,
    phaseNumber: at(pre?.[1]),
    post: post ? at(post[1]) : -1,
    dev: dev ? at(dev[1]) : Infinity,
    local: local?.split(/[-_.]/).map((part) => (/^[0-9]+$/.test(part) ? exactNumber(part) : part)) ?? [],
  };
}

/** A bigint only where a double would lose digits, so that equal numbers are equal values. */
function exactNumber(digits: string): Whole {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** The sort key setuptools gave to any text before PEP 440; the server still uses it for what PEP 440 does not read. */
function unparsedText(version: string): string {
  const parts: string[] = [];
  for (const part of [...(version.match(/[0-9]+|[a-z]+|-/g) ?? []), 'final']) {
    if (/^[0-9]/.test(part)) {
      parts.push(part.padStart(8, '0'));
      continue;
    }
    const tag = `*${unparsedTags.get(part) ?? part}`;
    if (tag < '*final') while (parts.at(-1) === '*final-') parts.pop();
    while (parts.at(-1) === '00000000') parts.pop();
    parts.push(tag);
  }
  return parts.join('');
}

const unparsedTags: ReadonlyMap<string, string> = new Map([
  ['pre', 'c'],
  ['preview', 'c'],
  ['rc', 'c'],
  ['-', 'final-'],
  ['dev', '@'],
]);

const kinds: readonly Place['kind'][] = ['zero', 'unparsed', 'proper'];

function comparePlaces(left: Place, right: Place): number {
  if (left.kind === 'proper' && right.kind === 'proper') return compareParts(left, right);
  if (left.kind === 'unparsed' && right.kind === 'unparsed') return compareValues(left.text, right.text);
  return kinds.indexOf(left.kind) - kinds.indexOf(right.kind);
}

function compareParts(left: Parts, right: Parts): number {
  return (
    compareValues(left.epoch, right.epoch) ||
    compareReleases(left.release, right.release) ||
    compareValues(left.phase, right.phase) ||
    compareValues(left.phaseNumber, right.phaseNumber) ||
    compareValues(left.post, right.post) ||
    compareValues(left.dev, right.dev) ||
    compareLocals(left.local, right.local)
  );
}

function compareReleases(left: readonly Whole[], right: readonly Whole[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const order = compareValues(left[index] ?? 0, right[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** PEP 440, "Local version identifiers": numbers above words, and the longer one last. */
function compareLocals(left: Parts['local'], right: Parts['local']): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const order =
      typeof part === 'string' && typeof other === 'string'
        ? compareValues(part, other)
        : typeof part !== 'string' && typeof other !== 'string'
          ? compareValues(part, other)
          : typeof part === 'string'
            ? -1
            : 1;
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareValues<T extends string | Whole>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
