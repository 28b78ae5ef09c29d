import { counted } from '../../text/counted.ts';
import { listText, plainText } from '../../text/plainText.ts';
import { quote } from '../../text/quote.ts';
import { dataAgeText } from './dataAge.ts';
import { type Freshness, isOld } from '../freshness.ts';

/** All that decides how a scan may be summed up, no matter who shows it. */
export interface Coverage {
  readonly requirements: number;
  readonly assessed: number;
  readonly skipped: number;
  readonly failed: number;
  /** Assessed from an answer that broke off: there may be more. */
  readonly brokenOff?: number;
  /** The findings that nobody ignores. */
  readonly open: number;
  readonly ignored: number;
  /** Findings that the baseline has already, beside the open ones. */
  readonly known?: number;
  /** Errors and warnings of the user's rules that are not known already. */
  readonly policy?: number;
  /** What the rules could not be checked for. */
  readonly unjudged?: number;
  /** What was asked for as a scope, and no requirement is in. */
  readonly unknownScopes?: readonly string[];
  /** Lines, files and folders that could not be read. */
  readonly unread: number;
  readonly skippedPaths: number;
  /** How many requirements were left out on purpose, by the part of the file that they are in. */
  readonly leftOut?: Readonly<Record<string, number>>;
  /** Files that a Dockerfile installs from and that only its image has: nobody knows what they ask for. */
  readonly imageFiles?: number;
  readonly freshness?: Freshness | undefined;
  /** Anything skipped makes the scan incomplete. */
  readonly strict?: boolean;
}

/** What a scan comes to, in one line. */
export interface Headline {
  /** `partly`: nothing was found, and something was skipped. */
  readonly kind: 'findings' | 'incomplete' | 'partly' | 'ignored' | 'clean' | 'empty';
  readonly isComplete: boolean;
  /** Without a full stop. Says "no known vulnerabilities" only where everything was assessed with fresh data. */
  readonly text: string;
  /** What the scan cannot vouch for, each in a few words; empty where there is nothing. */
  readonly gaps: readonly string[];
}

/** The headline of every report, and of every place in an editor that shows a count. */
export function headlineOf(coverage: Coverage): Headline {
  const headline = ofWhatCounts(coverage);
  const left = leftOutText(coverage.leftOut);
  return left === undefined ? headline : { ...headline, text: `${headline.text}; ${left}` };
}

/** "3 requirements left out by --scope: group:dev 2, build 1"; `undefined` where none was. */
export function leftOutText(leftOut: Coverage['leftOut'] = {}): string | undefined {
  const parts = Object.entries(leftOut);
  if (parts.length === 0) return undefined;
  const sum = parts.reduce((all, [, count]) => all + count, 0);
  const named = parts.map(([scope, count]) => `${plainText(scope, 60)} ${count}`);
  return `${counted(sum, 'requirement')} left out by --scope: ${listText(named, 5)}`;
}

function ofWhatCounts(coverage: Coverage): Headline {
  const { requirements, assessed, skipped, imageFiles = 0, open, ignored, known = 0, policy = 0 } = coverage;
  const gaps = gapsOf(coverage);
  const isComplete = !isIncompleteCoverage(coverage);
  const tail = gaps.length === 0 ? '' : ` (${gaps.join(', ')})`;
  if (open > 0 || policy > 0) {
    const counts = [
      ...(open > 0 ? [counted(open, 'finding')] : []),
      ...(policy > 0 ? [counted(policy, 'policy finding')] : []),
    ];
    const text = `${counts.join(', ')}${known > 0 ? ` (${known} more known)` : ''}${isComplete ? '' : ', and incomplete'}${tail}`;
    return { kind: 'findings', isComplete, text, gaps };
  }
  if (!isComplete) {
    const nothing = requirements > 0 && assessed === 0 ? ', nothing was assessed' : '';
    return { kind: 'incomplete', isComplete, text: `incomplete${nothing}${tail}`, gaps };
  }
  if (requirements === 0) {
    return { kind: 'empty', isComplete, text: 'nothing to scan', gaps };
  }
  if (skipped + imageFiles > 0) {
    const found = onlyText(ignored, known) ?? 'nothing found';
    return { kind: 'partly', isComplete, text: `${gaps.join(', ')}; ${found} in the other ${assessed}`, gaps };
  }
  const share = `(${assessed} of ${requirements} assessed)`;
  const only = onlyText(ignored, known);
  return only !== undefined
    ? { kind: 'ignored', isComplete, text: `${only} ${share}`, gaps }
    : { kind: 'clean', isComplete, text: `no known vulnerabilities ${share}`, gaps };
}

/** "only ignored findings", "only known findings"; `undefined` where there are none. */
function onlyText(ignored: number, known: number): string | undefined {
  const words = [...(known > 0 ? ['known'] : []), ...(ignored > 0 ? ['ignored'] : [])];
  return words.length === 0 ? undefined : `only ${words.join(' and ')} findings`;
}

/** Something could not be checked or read, nothing at all was assessed, the data are too old, or `strict` forbids a gap. */
export function isIncompleteCoverage(coverage: Coverage): boolean {
  const { requirements, assessed, skipped, failed, brokenOff = 0, unread, skippedPaths, freshness } = coverage;
  const { strict = false, unjudged = 0, imageFiles = 0, unknownScopes = [] } = coverage;
  return (
    failed > 0 ||
    brokenOff > 0 ||
    assessed + skipped + failed < requirements ||
    unread > 0 ||
    unjudged > 0 ||
    unknownScopes.length > 0 ||
    (requirements > 0 && assessed === 0) ||
    (freshness !== undefined && isOld(freshness)) ||
    (strict && skipped + skippedPaths + imageFiles > 0)
  );
}

/** "the advisory data are 30 days old, over the limit of 7 days", for data that are too old; else `undefined`. */
function oldDataText(freshness: Freshness | undefined): string | undefined {
  if (freshness === undefined || !isOld(freshness)) {
    return undefined;
  }
  const { dataAgeSeconds, maxDataAgeDays } = freshness;
  return dataAgeSeconds === undefined
    ? 'the age of the advisory data is unknown'
    : `the advisory data are ${dataAgeText(dataAgeSeconds)}, over the limit of ${counted(maxDataAgeDays, 'day')}`;
}

function gapsOf({
  requirements,
  assessed,
  skipped,
  failed,
  brokenOff = 0,
  unread,
  skippedPaths,
  imageFiles = 0,
  freshness,
  strict,
  unjudged = 0,
  unknownScopes = [],
}: Coverage): readonly string[] {
  const old = oldDataText(freshness);
  const open = requirements - assessed - skipped - failed;
  return [
    ...(failed > 0 ? [`${failed} of ${counted(requirements, 'requirement')} could not be checked`] : []),
    ...(brokenOff > 0 ? [`${brokenOff} of ${counted(requirements, 'requirement')} not checked to the end`] : []),
    ...(skipped > 0 ? [`${skipped} of ${counted(requirements, 'requirement')} not assessed`] : []),
    ...(open > 0 ? [`${open} of ${counted(requirements, 'requirement')} not checked yet`] : []),
    ...(unread > 0 ? [`${counted(unread, 'line or file', 'lines or files')} not read`] : []),
    ...(imageFiles > 0 ? [`${counted(imageFiles, 'file of an image', 'files of an image')} not read`] : []),
    ...(unjudged > 0 ? ['rules not checked everywhere'] : []),
    ...(unknownScopes.length > 0 ? [unknownText(unknownScopes)] : []),
    ...(strict === true && skippedPaths > 0 ? [`${counted(skippedPaths, 'path')} skipped`] : []),
    ...(old === undefined ? [] : [old]),
  ];
}

/** `no requirement in the scope "docs"` */
function unknownText(scopes: readonly string[]): string {
  const word = scopes.length === 1 ? 'scope' : 'scopes';
  return `no requirement in the ${word} ${listText(scopes.map(quote), 5)}`;
}
