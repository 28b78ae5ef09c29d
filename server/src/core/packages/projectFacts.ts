import { parseVersion } from '../versions/version.ts';
import { fileVersionsOf } from './fileVersion.ts';
import type { PackageName } from './packageName.ts';

/** What a package index says of a project and its releases, beside what they are. */
export interface ProjectFacts {
  /** PEP 792; `active` where the index says nothing. */
  readonly status: string;
  /** Plain text from outside. */
  readonly reason?: string;
  /** By `Version.key`. */
  readonly releases: Readonly<Record<string, ReleaseFacts>>;
}

export interface ReleaseFacts {
  /** Every file of it is yanked (PEP 592), and why; empty where no reason is given. */
  readonly yanked?: string;
  /** When its first file came (PEP 700), milliseconds since the epoch. */
  readonly uploadedAt?: number;
}

// A person reads it; a longer one is cut.
const longestReason = 300;

/** Of a project page (PEP 691); `undefined` for what is none. */
export function projectFacts(page: unknown, name: PackageName): ProjectFacts | undefined {
  const files = field(page, 'files');
  if (!Array.isArray(files)) {
    return undefined;
  }
  const found = new Map<string, { yanked: string | undefined; uploadedAt: number | undefined }>();
  const versionOf = fileVersionsOf(name);
  const keys = new Map<string, string | undefined>();
  for (const file of files as readonly unknown[]) {
    const filename = field(file, 'filename');
    const text = typeof filename === 'string' ? versionOf(filename) : undefined;
    if (text !== undefined && !keys.has(text)) keys.set(text, parseVersion(text)?.key);
    const key = text === undefined ? undefined : keys.get(text);
    if (key === undefined) {
      continue;
    }
    const before = found.get(key);
    const yanked = yankedReason(field(file, 'yanked'));
    const uploadedAt = timeOf(field(file, 'upload-time'));
    found.set(key, {
      // One file that is not yanked can be installed.
      yanked:
        before === undefined
          ? yanked
          : before.yanked === undefined || yanked === undefined
            ? undefined
            : before.yanked || yanked,
      uploadedAt: earlier(before?.uploadedAt, uploadedAt),
    });
  }
  const { status, reason } = statusOf(page);
  return {
    status,
    ...(reason === undefined ? {} : { reason }),
    releases: Object.fromEntries(
      [...found].map(([key, { yanked, uploadedAt }]) => [
        key,
        { ...(yanked === undefined ? {} : { yanked }), ...(uploadedAt === undefined ? {} : { uploadedAt }) },
      ]),
    ),
  };
}

/** For storage. `undefined` for anything else than what `ProjectFacts` are as JSON. */
export function decodeProjectFacts(json: unknown): ProjectFacts | undefined {
  const [status, reason, releases] = [field(json, 'status'), field(json, 'reason'), field(json, 'releases')];
  if (typeof status !== 'string' || (reason !== undefined && typeof reason !== 'string') || !isObject(releases)) {
    return undefined;
  }
  const entries = Object.entries(releases);
  const areSound = entries.every(([, release]) => {
    const [yanked, uploadedAt] = [field(release, 'yanked'), field(release, 'uploadedAt')];
    return (
      isObject(release) &&
      (yanked === undefined || typeof yanked === 'string') &&
      (uploadedAt === undefined || typeof uploadedAt === 'number')
    );
  });
  return areSound
    ? { status, ...(reason === undefined ? {} : { reason }), releases: releases as ProjectFacts['releases'] }
    : undefined;
}

function statusOf(page: unknown): { readonly status: string; readonly reason?: string } {
  const own = field(page, 'project-status');
  const said = field(own, 'status') ?? own ?? field(field(page, 'meta'), 'project-status');
  const why = field(own, 'reason') ?? field(field(page, 'meta'), 'project-status-reason');
  return {
    status: typeof said === 'string' && /^[a-z]{1,30}$/u.test(said) ? said : 'active',
    ...(typeof why === 'string' && why !== '' ? { reason: why.slice(0, longestReason) } : {}),
  };
}

/** PEP 592: a reason is a yes, too. */
function yankedReason(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') {
    return value.slice(0, longestReason);
  }
  return value === true ? '' : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/u.test(value) ? Date.parse(value) : NaN;
  return Number.isFinite(time) ? time : undefined;
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
