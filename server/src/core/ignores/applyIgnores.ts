import type { PlacedProblem, Range } from '../text/position.ts';
import type { FileReport, IgnoreFileReport } from '../assessment/fileReport.ts';
import type { AssessedRequirement } from '../assessment/requirement.ts';
import type { Finding } from '../assessment/finding.ts';
import { plainText } from '../text/plainText.ts';
import type { Ignore, IgnoreList } from './ignore.ts';
import { fileGroup, type Hold, ignoreHold, type IgnoredRelease } from './ignoreHold.ts';
import { markIgnored } from './markIgnored.ts';
import { ignoreProblem } from './tomlDocument.ts';

/** One scanned file and the ignores that are for it, the strongest first. Files may share a list. */
export interface IgnoringFile {
  readonly file: FileReport;
  readonly lists: readonly IgnoreList[];
}

export interface AppliedIgnores {
  readonly files: readonly FileReport[];
  /** The ignore files that something is to be said about. */
  readonly ignoreFiles: readonly IgnoreFileReport[];
}

/** Marks ignored findings, and says of every ignore that did nothing why it did not. Verdicts stay as they are. */
export function applyIgnores(files: readonly IgnoringFile[], nowMs: number): AppliedIgnores {
  const met = new Map<Ignore, Met>();
  const marked = files.map(({ file, lists }) => {
    const ignores = lists.flatMap((list) => list.ignores);
    const group = fileGroup(file.path);
    for (const ignore of ignores) {
      meet(ignore, file, nowMs, met);
    }
    const requirements = file.requirements.map((one) => mark(one, ignores, nowMs, group));
    return { ...file, requirements };
  });
  const all = [...new Set(files.flatMap(({ lists }) => lists))];
  return {
    files: marked,
    ignoreFiles: all.flatMap(({ path, ignores, problems }) => {
      const remarks = ignores.flatMap((ignore) => remarkOn(ignore, met.get(ignore) ?? noneMet, nowMs));
      const sorted = [...problems, ...remarks].sort((a, b) => a.range.start.line - b.range.start.line);
      return path === undefined || sorted.length === 0 ? [] : [{ path, problems: sorted }];
    }),
  };
}

/** What an ignore came upon in all files that it is for. */
interface Met {
  readonly holds: ReadonlySet<Hold>;
  /** One of the findings that it is about and does not hold for. */
  readonly example: Finding | undefined;
  /** Something that it may be about could not be checked. */
  readonly isIncomplete: boolean;
}

const noneMet: Met = { holds: new Set(), example: undefined, isIncomplete: false };

function meet(ignore: Ignore, file: FileReport, nowMs: number, met: Map<Ignore, Met>): void {
  const before = met.get(ignore) ?? noneMet;
  const holds = new Set(before.holds);
  let { example, isIncomplete } = before;
  const group = fileGroup(file.path);
  for (const requirement of file.requirements) {
    const { outcome } = requirement;
    if (outcome.kind === 'assessed') {
      const release = inFile(requirement, group);
      for (const finding of outcome.findings) {
        const hold = ignoreHold(ignore, release, finding, nowMs);
        holds.add(hold);
        example ??= hold === 'other' || hold === 'holds' ? undefined : finding;
      }
    } else if (outcome.kind === 'failed') {
      isIncomplete ||= ignore.package === undefined || ignore.package === requirement.normalizedName;
    }
  }
  met.set(ignore, { holds, example, isIncomplete });
}

function mark(
  requirement: AssessedRequirement,
  ignores: readonly Ignore[],
  nowMs: number,
  group: string,
): AssessedRequirement {
  const { outcome } = requirement;
  const marked =
    outcome.kind === 'assessed' && ignores.length > 0
      ? markIgnored(outcome, inFile(requirement, group), ignores, nowMs)
      : outcome;
  return marked === outcome ? requirement : { ...requirement, outcome: marked };
}

function inFile(requirement: AssessedRequirement, group: string): IgnoredRelease {
  return { ...requirement, fileGroup: group };
}

function remarkOn(ignore: Ignore, { holds, example, isIncomplete }: Met, nowMs: number): readonly PlacedProblem[] {
  const { range, until } = ignore;
  if (range === undefined) {
    return [];
  }
  const subject = plainText(
    ignore.id ?? ignore.package ?? (ignore.group === undefined ? '' : `the group ${ignore.group}`),
    100,
  );
  if (until !== undefined && until.endsAtMs <= nowMs) {
    return [expired(`The ignore of ${subject} ended on ${until.text}; it ignores nothing any more.`, range)];
  }
  if (holds.has('holds') || holds.has('unclear')) {
    return [];
  }
  if (holds.has('fixed')) {
    const fixes = (example?.fixedVersions ?? []).slice(0, 3).join(', ');
    return [expired(`${subject} is fixed in ${plainText(fixes, 100)}; the ignore until a fix has ended.`, range)];
  }
  if (holds.has('malicious')) {
    const id = plainText(example?.id ?? '', 100);
    return [unused(`${subject} does not ignore ${id}: a malicious package is ignored by that id only.`, range)];
  }
  // What could not be checked may be what it is about.
  return isIncomplete ? [] : [unused(`The ignore of ${subject} matched no finding of the files scanned.`, range)];
}

function expired(message: string, range: Range): PlacedProblem {
  return ignoreProblem('ignore.expired', message, range);
}

function unused(message: string, range: Range): PlacedProblem {
  return ignoreProblem('ignore.unused', message, range);
}
