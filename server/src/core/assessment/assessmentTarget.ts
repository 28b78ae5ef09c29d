import type { Span } from '../text/position.ts';
import type { PackageName } from '../packages/packageName.ts';
import { askedName, type Content } from '../manifests/manifest.ts';
import type {
  EditableRequirement,
  IndexRequirement,
  PathRequirement,
  Token,
  UnreadRequirement,
  UrlRequirement,
} from '../manifests/requirement.ts';
import { maskSecrets } from '../text/maskSecrets.ts';
import { isSecretName, shownText } from '../manifests/shownText.ts';
import { oneLine, truncate } from '../text/outsideText.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import type { Failed, Skipped, SkipReason } from './outcome.ts';
import type { DecidedBy } from './decided/decidedVersions.ts';
import { fileRelease } from './fileRelease.ts';
import { type VersionRange, versionRange } from './lookup.ts';
import type { Within } from './advice/within.ts';
import type { Pin } from './pin.ts';

/** What there is to look up for a requirement, or why there is nothing. */
export type AssessmentTarget = PinTarget | RangeTarget | SkippedTarget | InvalidTarget;

export interface PinTarget {
  readonly kind: 'pin';
  readonly pin: Pin;
  /** Where a finding is drawn: the version. Relative to the logical line, like all spans of an item. */
  readonly token: Span;
  /** As written. */
  readonly version: string;
  /** What decides the version, where the line itself does not. */
  readonly decidedBy?: DecidedBy;
  readonly outOfDate?: OutOfDate | undefined;
  readonly within?: Within;
}

/** A requirement that allows more than one release, or names no version at all. */
export interface RangeTarget {
  readonly kind: 'range';
  readonly range: VersionRange;
  /** The version where one clause has it, else the name. */
  readonly token: Span;
  /** A lock whose version the line does not allow: it is from before the line was changed. */
  readonly outOfDate?: OutOfDate | undefined;
  /** A lock that has several versions which the line allows, one of which is installed. */
  readonly oneOf?: HeldVersions;
  /** What other lines ask of the package is too much to be counted. */
  readonly isUnbounded?: true;
  readonly within?: Within;
}

/** A lock, and what it has of the package. */
export interface HeldVersions extends DecidedBy {
  /** As written there; several where each is for other Pythons or platforms. */
  readonly versions: readonly string[];
}

export type OutOfDate = HeldVersions;

export interface SkippedTarget {
  readonly kind: 'skipped';
  readonly outcome: Skipped;
  /** The version where one clause has it, else the name, else the whole requirement. */
  readonly token: Span;
}

export interface InvalidTarget {
  readonly kind: 'invalid';
  readonly outcome: Failed;
  readonly token: Span;
}

/**
 * What to ask about one entry; `undefined` where it asks for no package (an option, an include). A range is not looked up by
 * its lowest version: which release gets installed is decided elsewhere.
 */
export function assessmentTarget(
  content: Content | undefined,
  isPrivate: (name: PackageName) => boolean,
): AssessmentTarget | undefined {
  switch (content?.kind) {
    case 'index':
      return indexTarget(content, isPrivate);
    case 'url':
      return urlTarget(content, isPrivate);
    case 'path': {
      const what = `${quote(shownText(content, content.path))} is a local path.`;
      return fileTarget(content, isPrivate, content.path.span, what);
    }
    case 'editable': {
      if (content.isProject === true) return undefined;
      const { target } = content;
      const name = nameOr(content, target);
      const what = target.text === '.' ? `${name} is the project in this folder.` : `${name} is an editable install.`;
      return skipped('editable', target.span, `${what} ${onlyReleases}`);
    }
    case 'unread':
      return unread(content);
    case 'include':
    case 'constraint':
    case undefined:
      return undefined;
  }
}

const onlyReleases =
  'Only a release from a package index, or a file whose name says which release it is, can be checked.';

function indexTarget(item: IndexRequirement, isPrivate: (name: PackageName) => boolean): AssessmentTarget {
  const { name, specifier } = item;
  const clauses = specifier?.clauses ?? [];
  const token = clauses.length === 1 ? (clauses[0]?.versionSpan ?? name.span) : name.span;
  if (isPrivate(name.normalized)) {
    return skipped('private', token, `${name.text} is private by your settings, so it was not sent to any service.`);
  }
  if (item.hasOwnIndex) {
    return skipped('private', token, `${name.text} has a package index of its own, so it was not sent to any service.`);
  }
  if (clauses.length > mostClauses) {
    return tooLong(isSecretName(item.text, name.text) ? 'A package' : name.text, token);
  }
  const pinned = pinnedVersion(clauses);
  const written = (): string => quote(specifier === undefined ? '' : shownText(item, specifier));
  switch (pinned.kind) {
    case 'pin': {
      const { version, clause } = pinned;
      const pin = { name: name.normalized, version: version.normal };
      return { kind: 'pin', pin, token: clause.versionSpan, version: clause.version };
    }
    case 'unpinned':
    case 'range': {
      const range = versionRange(name.normalized, clauses);
      return range === undefined
        ? skipped('notPep440', token, `${name.text}: ${written()} is no PEP 440 specifier, so it cannot be checked.`)
        : { kind: 'range', range, token };
    }
    case 'contradictory':
      return skipped('contradictory', token, `No version of ${name.text} can fulfil ${written()}.`);
    case 'notPep440': {
      const version = quote(shownText(item, { text: pinned.clause.version }));
      return skipped('notPep440', token, `${name.text}: ${version} is not a PEP 440 version, so it cannot be checked.`);
    }
  }
}

function urlTarget(item: UrlRequirement, isPrivate: (name: PackageName) => boolean): AssessmentTarget {
  const { url, text } = item;
  const name = askedName(item);
  if (name === undefined) {
    return fileTarget(item, isPrivate, url.span, `${nameOr(item, url)} is installed from a URL.`);
  }
  const shownName = isSecretName(text, name.text) ? 'A package' : name.text;
  return fileTarget(item, isPrivate, name.span, `${shownName} is installed from a URL.`);
}

/**
 * The release that a wheel or source distribution is by its file name. Whatever host or folder it comes from, its name is asked
 * about like any other; settings that keep names private hold for it, too.
 */
function fileTarget(
  item: UrlRequirement | PathRequirement,
  isPrivate: (name: PackageName) => boolean,
  place: Span,
  what: string,
): PinTarget | SkippedTarget {
  const release = fileRelease(item);
  const name = release.kind === 'release' ? release.name : item.name?.normalized;
  if (name !== undefined && isPrivate(name)) {
    return skipped(
      'private',
      place,
      `${item.name?.text ?? name} is private by your settings, so it was not sent to any service.`,
    );
  }
  switch (release.kind) {
    case 'none':
      return skipped(item.kind === 'path' ? 'path' : 'url', place, `${what} ${onlyReleases}`);
    case 'otherPackage':
      return skipped('url', place, `${what} ${quote(release.fileName)} is a file of another package.`);
    case 'release': {
      if (item.hasOwnIndex) {
        return skipped(
          'private',
          place,
          `${what} It has a package index of its own, so it was not sent to any service.`,
        );
      }
      const { version, token, fileName } = release;
      const decidedBy = { kind: 'fileName', source: fileName } as const;
      return { kind: 'pin', pin: { name: release.name, version }, token, version, decidedBy };
    }
  }
}

function skipped(reason: SkipReason, token: Span, message: string): SkippedTarget {
  return { kind: 'skipped', outcome: { kind: 'skipped', reason, message }, token };
}

// People write a handful. Each may split what the ones before allow.
const mostClauses = 1_000;

/** It is valid, and may be anything: it has failed, and is not skipped. */
function tooLong(name: string, token: Span): InvalidTarget {
  const message = `${name} has more than ${mostClauses} version clauses, which Pinwatch does not compare.`;
  return { kind: 'invalid', outcome: { kind: 'failed', reason: 'internal', message }, token };
}

/** In the words of the reader's first problem, which names the package wherever one could be read. */
function unread(item: UnreadRequirement): InvalidTarget | SkippedTarget {
  const message = item.message ?? `${quote(shownText(item))} cannot be read.`;
  const token = item.name?.span ?? item.span;
  return item.skipped === undefined
    ? { kind: 'invalid', outcome: { kind: 'failed', reason: 'invalid', message }, token }
    : skipped(item.skipped, token, message);
}

function nameOr(item: UrlRequirement | EditableRequirement, place: Token): string {
  return item.name?.text ?? quote(shownText(item, place));
}

/** Part of a line, for a sentence: bounded, and without what may be secret in a URL. */
function quote(text: string): string {
  const bare = maskSecrets(text)
    .replaceAll('//***@', '//')
    .replace(/(:\/\/[^?#\s]*)[?#]\S*/g, '$1');
  return `"${truncate(oneLine(bare), 100)}"`;
}
