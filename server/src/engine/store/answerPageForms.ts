import type { Assessment } from '../../core/assessment/assessRelease.ts';
import { decodeAssessments, encodeAssessments } from './derivedForms.ts';

/** An answer as it was worked out, and what it stands on. */
export interface PagedAnswer {
  readonly assessment: Assessment;
  /** When the youngest of what it follows from was asked for. */
  readonly checkedAt: number;
  /** When the oldest record it follows from was fetched; `undefined` where it follows from none. */
  readonly fetchedAt: number | undefined;
}

/** Answers of one package, by `lookupKey`. */
export type PagedAnswers = ReadonlyMap<string, PagedAnswer>;

export interface AnswerPage {
  /** All that was put into storage before is in it. */
  readonly writtenAt: number;
  /** By name; each is decoded when somebody asks about it. */
  readonly packages: ReadonlyMap<string, unknown>;
}

export function encodePage({ writtenAt, packages }: AnswerPage): unknown {
  return { writtenAt, packages: [...packages] };
}

/** `undefined` for anything that `encodePage` did not write. */
export function decodePage(json: unknown): AnswerPage | undefined {
  const { writtenAt, packages } = fieldsOf(json);
  return typeof writtenAt === 'number' && Array.isArray(packages) && packages.every(isNamed)
    ? { writtenAt, packages: new Map(packages) }
    : undefined;
}

/** Most answers are "nothing known", for many releases at a time. */
export function encodePackageAnswers(answers: PagedAnswers): unknown {
  const clean = new Map<string, [checkedAt: number, fetchedAt: number | null, keys: string[]]>();
  const others = new Map<string, Assessment>();
  const times: (readonly [number, number | null])[] = [];
  for (const [key, { assessment, checkedAt, fetchedAt = null }] of answers) {
    if (assessment.verdict === 'clean' && assessment.findings.length === 0 && assessment.fix === undefined) {
      const group = `${checkedAt} ${fetchedAt}`;
      const found = clean.get(group);
      if (found === undefined) {
        clean.set(group, [checkedAt, fetchedAt, [key]]);
      } else {
        found[2].push(key);
      }
    } else {
      others.set(key, assessment);
      times.push([checkedAt, fetchedAt]);
    }
  }
  return { clean: [...clean.values()], ...(others.size === 0 ? {} : { ...encodeAssessments(others), times }) };
}

/** `undefined` for anything that `encodePackageAnswers` did not write. */
export function decodePackageAnswers(json: unknown): PagedAnswers | undefined {
  const { clean, findings, times } = fieldsOf(json);
  const decoded = new Map<string, PagedAnswer>();
  for (const group of listOf(clean)) {
    const [checkedAt, fetchedAt, keys] = listOf(group);
    if (!isTime(checkedAt) || !isTimeOrNull(fetchedAt) || !Array.isArray(keys)) {
      return undefined;
    }
    const answer = { assessment: nothingKnown, checkedAt, fetchedAt: fetchedAt ?? undefined };
    for (const key of keys as readonly unknown[]) {
      if (typeof key !== 'string') {
        return undefined;
      }
      decoded.set(key, answer);
    }
  }
  if (findings === undefined) {
    return decoded;
  }
  const others = decodeAssessments(json);
  const stamps = listOf(times);
  if (others === undefined || stamps.length !== others.size) {
    return undefined;
  }
  let at = 0;
  for (const [key, assessment] of others) {
    const [checkedAt, fetchedAt] = listOf(stamps[at++]);
    if (!isTime(checkedAt) || !isTimeOrNull(fetchedAt)) {
      return undefined;
    }
    decoded.set(key, { assessment, checkedAt, fetchedAt: fetchedAt ?? undefined });
  }
  return decoded;
}

const nothingKnown: Assessment = { verdict: 'clean', findings: [] };

function isNamed(entry: unknown): entry is readonly [string, unknown] {
  return Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isTimeOrNull(value: unknown): value is number | null {
  return value === null || isTime(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}
