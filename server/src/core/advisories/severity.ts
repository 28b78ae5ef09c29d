import cvss from 'ae-cvss-calculator';
import type { Severity, SeverityBand, SeverityVector } from './advisory.ts';

export interface Rating {
  readonly severity: Severity;
  /** CVSS score, 0 to 10; `null` where no vector could be scored. */
  readonly score: number | null;
  readonly vector: string | null;
}

/**
 * The highest score of all vectors; else the highest label of the databases; else `unknown`, which is not "low". Pass
 * what all records of an alias group say: PYSEC often leaves to its GHSA twin how bad it is. `scoreOf` may remember.
 */
export function rate(
  vectors: readonly SeverityVector[],
  labels: readonly SeverityBand[],
  scoreOf: typeof cvssScore = cvssScore,
): Rating {
  let highest: { readonly score: number; readonly vector: string } | undefined;
  // Twins mostly carry the same vectors, and CVSS 4 takes a while to score.
  const seen = new Set<string>();
  for (const candidate of vectors) {
    const score = seen.has(candidate.vector) ? undefined : scoreOf(candidate);
    seen.add(candidate.vector);
    if (score !== undefined && (highest === undefined || score > highest.score)) {
      highest = { score, vector: candidate.vector };
    }
  }
  if (highest !== undefined) {
    return { severity: toBand(highest.score), ...highest };
  }
  const label = [...labels].sort((a, b) => bands.indexOf(b) - bands.indexOf(a))[0];
  return { severity: label ?? 'unknown', score: null, vector: null };
}

// Far more than all records of PyPI have; a vector is a stranger's text.
const mostScores = 10_000;

/** `cvssScore` that works out each vector once: many advisories carry the same, and CVSS 4 takes a while. */
export class VectorScores {
  readonly #scores = new Map<string, number | undefined>();

  readonly of = (vector: SeverityVector): number | undefined => {
    const key = `${vector.type} ${vector.vector}`;
    if (this.#scores.has(key)) {
      return this.#scores.get(key);
    }
    const score = cvssScore(vector);
    if (this.#scores.size < mostScores && key.length <= maxVectorLength) {
      this.#scores.set(key, score);
    }
    return score;
  };
}

/** The record is about a malicious package or release: a class of its own, which no upgrade advice fits. */
export function isMalicious(ids: readonly string[]): boolean {
  return ids.some((id) => id.startsWith('MAL-'));
}

/**
 * The score that the vector's publisher meant: the base score of CVSS 2 and 3; in CVSS 4, which has one score only,
 * that of the whole vector, as databases show it. `undefined` where the vector is not valid: an incomplete one must
 * not come out as 0.
 */
export function cvssScore({ type, vector }: SeverityVector): number | undefined {
  const standard = standards.find(({ prefix, types }) => vector.startsWith(prefix) && types.includes(type));
  const metrics = standard && readMetrics(vector.slice(standard.prefix.length));
  if (standard === undefined || metrics === undefined) {
    return undefined;
  }
  const known: string[] = [];
  for (const [name, values] of Object.entries(standard.base)) {
    const value = metrics.get(name);
    if (value === undefined || !values.includes(value)) {
      return undefined;
    }
    known.push(`${name}:${value}`);
  }
  for (const [name, values] of Object.entries(standard.optional)) {
    const value = metrics.get(name);
    if (value !== undefined && values.includes(value)) {
      known.push(`${name}:${value}`);
    }
  }
  const score = standard.score(standard.prefix + known.join('/'));
  return score !== undefined && score >= 0 && score <= 10 ? score : undefined;
}

const bands: readonly SeverityBand[] = ['none', 'low', 'medium', 'high', 'critical'];

/** The qualitative scale of CVSS 3 and 4. */
function toBand(score: number): SeverityBand {
  if (score >= 9) {
    return 'critical';
  }
  if (score >= 7) {
    return 'high';
  }
  if (score >= 4) {
    return 'medium';
  }
  return score > 0 ? 'low' : 'none';
}

/** `AV:N/AC:L` as a map; `undefined` where it is no such list or names a metric twice. */
function readMetrics(text: string): ReadonlyMap<string, string> | undefined {
  const metrics = new Map<string, string>();
  if (text.length > maxVectorLength) {
    return undefined;
  }
  for (const part of text.replace(/\/$/, '').split('/')) {
    const [, name, value] = /^([A-Za-z]+):([A-Za-z]+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined || metrics.has(name)) {
      return undefined;
    }
    metrics.set(name, value);
  }
  return metrics;
}

// The longest vector CVSS 4 can write has under 250 characters.
const maxVectorLength = 500;

interface Standard {
  readonly prefix: string;
  readonly types: readonly string[];
  /** Metrics that must be there, with their values; each value is one letter. */
  readonly base: Readonly<Record<string, string>>;
  /** Metrics that change the score, but may be missing. */
  readonly optional: Readonly<Record<string, string>>;
  readonly score: (vector: string) => number | undefined;
}

const base3 = { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' };

const standards: readonly Standard[] = [
  {
    prefix: 'CVSS:4.0/',
    types: ['CVSS_V4'],
    base: {
      ...{ AV: 'NALP', AC: 'LH', AT: 'NP', PR: 'NLH', UI: 'NPA' },
      ...{ VC: 'HLN', VI: 'HLN', VA: 'HLN', SC: 'HLN', SI: 'HLN', SA: 'HLN' },
    },
    optional: {
      ...{ E: 'XAPU', CR: 'XHML', IR: 'XHML', AR: 'XHML' },
      ...{ MAV: 'XNALP', MAC: 'XLH', MAT: 'XNP', MPR: 'XNLH', MUI: 'XNPA' },
      ...{ MVC: 'XHLN', MVI: 'XHLN', MVA: 'XHLN', MSC: 'XHLN', MSI: 'XSHLN', MSA: 'XSHLN' },
    },
    score: (vector) => new cvss.Cvss4P0(vector).calculateScores().overall,
  },
  {
    prefix: 'CVSS:3.1/',
    types: ['CVSS_V3'],
    base: base3,
    optional: {},
    score: (vector) => new cvss.Cvss3P1(vector).calculateScores().base,
  },
  {
    prefix: 'CVSS:3.0/',
    types: ['CVSS_V3'],
    base: base3,
    optional: {},
    score: (vector) => new cvss.Cvss3P0(vector).calculateScores().base,
  },
  {
    prefix: '',
    types: ['CVSS_V2'],
    base: { AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC' },
    optional: {},
    score: (vector) => new cvss.Cvss2(vector).calculateScores().base,
  },
];
