import type { PackageName } from '../packages/packageName.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { decidedText } from '../assessment/decided/decidedVersions.ts';
import type { Assessed, Outcome } from '../assessment/outcome.ts';
import { isWhollyIgnored } from '../ignores/markIgnored.ts';
import { plainText } from '../text/plainText.ts';
import { lastAtOrBefore } from '../text/lineIndex.ts';
import { offsetAt } from '../manifests/offsetAt.ts';
import type { IndexRequirement } from '../manifests/requirement.ts';
import { disabled, lastFirst, shown, type TextChange } from '../manifests/rewrite.ts';
import { compiledText } from './compiledText.ts';
import { fromFileText } from './fromFileText.ts';
import type { FilesEdit, SourcedEdit, SourcedFile } from './fixEdit.ts';
import { originsOf } from './originsOf.ts';
import { planFixes } from './planFixes.ts';
import type { ReleaseFile } from '../packages/release.ts';
import { sourcePlan } from './sourcePlan.ts';

/** A file whose requirements are to be fixed, and the files that have a say in it. */
export interface FixableFile extends SourcedFile {
  readonly requirements: readonly { readonly requirement: PlacedRequirement; readonly outcome: Outcome }[];
  readonly constraints: readonly SourcedFile[];
  /** What it was compiled from, as far as that could be read. */
  readonly sources: readonly SourcedFile[];
}

export interface FixedFiles {
  /** By file, each as in `FixEdit`. */
  readonly changes: ReadonlyMap<string, readonly TextChange[]>;
  readonly fixed: readonly FixedRequirement[];
  readonly left: readonly LeftRequirement[];
}

export interface FixedRequirement extends RequirementPlace {
  /** A version, or for a range its new specifier; for people. */
  readonly target: string;
  readonly verified: boolean;
  /** The files that are changed for it. */
  readonly changedIn: readonly string[];
  /** What someone has to do before it is fixed, in one sentence for people; absent where nothing is. */
  readonly todo?: string;
}

export interface LeftRequirement extends RequirementPlace {
  /** One sentence for people. */
  readonly reason: string;
}

export interface RequirementPlace {
  readonly source: string;
  /** From 0. */
  readonly line: number;
  readonly name: string;
  /** A version, or the specifier of a range. */
  readonly from: string;
}

type FilesOf = (name: PackageName, version: string) => readonly ReleaseFile[] | undefined;

/**
 * The nearest fix of everything in these files that is, or may be, vulnerable; and for what is left as it is, why. Where two
 * of them would change the same line the first one does, and the other is left unless it wants the same. What someone ignores
 * altogether is neither.
 */
export function fixFiles(files: readonly FixableFile[], filesOf: FilesOf): FixedFiles {
  const edits = new Map<string, SourcedEdit>();
  const fixed: FixedRequirement[] = [];
  const left: LeftRequirement[] = [];
  for (const file of files) {
    for (const { requirement, outcome } of file.requirements) {
      if (outcome.kind !== 'assessed' || outcome.findings.length === 0 || isWhollyIgnored(outcome)) {
        continue;
      }
      const place: RequirementPlace = {
        source: file.source,
        line: requirement.range.start.line,
        name: plainText(requirement.name, 100),
        from: plainText(requirement.version ?? requirement.specifier, 80),
      };
      const { edit, target, verified, todo } = fixOf(file, requirement, outcome, filesOf);
      const refused = edit.kind === 'disabled' ? edit.reason : take(edits, edit.edits);
      if (edit.kind === 'edit' && refused === undefined) {
        const changedIn = [...new Set(edit.edits.map(({ source }) => source))];
        fixed.push({
          ...place,
          target: plainText(target, 80),
          verified,
          changedIn,
          ...(todo === undefined ? {} : { todo }),
        });
      } else if (refused !== undefined) {
        left.push({ ...place, reason: refused });
      }
    }
  }
  return { changes: changesOf(edits), fixed, left };
}

interface Fix {
  readonly edit: FilesEdit;
  readonly target: string;
  readonly verified: boolean;
  /** As in `FixedRequirement`. */
  readonly todo?: string;
}

function fixOf(file: FixableFile, requirement: PlacedRequirement, outcome: Assessed, filesOf: FilesOf): Fix {
  const none = (reason: string): Fix => ({ edit: disabled(reason), target: '', verified: false });
  const index = lastAtOrBefore(file.file.starts, offsetAt(file.file, requirement.range.start));
  const item = file.file.contentOf(index);
  if (requirement.decidedBy?.kind === 'fileName') {
    return none(
      outcome.findings.some(({ severity }) => severity === 'malicious')
        ? 'It is malicious: remove it and rotate every secret it could read.'
        : fromFileText(outcome.fix?.nearest),
    );
  }
  if (item?.kind !== 'index') {
    return none('This line does not ask for a package by its version.');
  }
  const name = shown(item.name);
  if (requirement.version !== null && outcome.findings.some(({ severity }) => severity === 'malicious')) {
    return none(`${name} is malicious: remove it and rotate every secret it could read.`);
  }
  if (outcome.fix === undefined) {
    return none(`The safe versions of ${name} are not known yet.`);
  }
  const { compiled } = file.file;
  if (compiled !== undefined) {
    const inSource = fixInSources(file, index, item, outcome, filesOf);
    return inSource === undefined
      ? none(compiledText(compiled))
      : { ...inSource, todo: `Compiled by ${compiled.tool}: compile it again.` };
  }
  const { decidedBy } = requirement;
  const [plan] = planFixes({ ...file, index }, outcome.fix, {
    ...(decidedBy?.kind === 'constraint' ? { constraints: file.constraints } : {}),
    filesOf: (version) => filesOf(item.name.normalized, version),
  });
  if (plan === undefined) {
    return none(`No safe version of ${name} is known.`);
  }
  return decidedBy === undefined || decidedBy.kind === 'constraint'
    ? plan
    : { ...plan, todo: `Its version is ${plainText(decidedText(decidedBy), 120)}: bring that up to date too.` };
}

function fixInSources(
  { sources, ...file }: FixableFile,
  index: number,
  item: IndexRequirement,
  { fix }: Assessed,
  filesOf: FilesOf,
): Fix | undefined {
  const { direct, places } = originsOf(file.file, index, sources);
  if (fix === undefined || !direct) {
    return undefined;
  }
  const plans = places.map((place) => sourcePlan(place, fix, (version) => filesOf(item.name.normalized, version)));
  const edits = plans.flatMap((plan) => (plan?.edit.kind === 'edit' ? plan.edit.edits : []));
  const [first] = plans;
  return first === undefined || edits.length === 0
    ? undefined
    : { edit: { kind: 'edit', edits }, target: first.target, verified: first.verified };
}

/** All of them or none; says why none. */
function take(taken: Map<string, SourcedEdit>, edits: readonly SourcedEdit[]): string | undefined {
  const keyOf = ({ source, index }: SourcedEdit): string => JSON.stringify([source, index]);
  const contradicted = edits.some((edit) => {
    const other = taken.get(keyOf(edit));
    return other !== undefined && JSON.stringify(other.changes) !== JSON.stringify(edit.changes);
  });
  if (contradicted) {
    return 'The line that decides its version is changed to another one for another requirement.';
  }
  edits.forEach((edit) => taken.set(keyOf(edit), edit));
  return undefined;
}

function changesOf(edits: ReadonlyMap<string, SourcedEdit>): ReadonlyMap<string, readonly TextChange[]> {
  const bySource = new Map<string, TextChange[]>();
  for (const { source, changes } of edits.values()) {
    bySource.set(source, [...(bySource.get(source) ?? []), ...changes]);
  }
  return new Map([...bySource].map(([source, changes]) => [source, lastFirst(changes)]));
}
