import { decidedText } from '../assessment/decided/decidedVersions.ts';
import type { PlacedRequirement } from '../assessment/requirement.ts';
import { disabled, type RangeChange, type Rewrite } from '../manifests/rewrite.ts';
import { plainText } from '../text/plainText.ts';
import type { Version } from '../versions/version.ts';
import { compileAgainText } from './compiledText.ts';
import { type FilesEdit, rewriteEntry, type SourcedEdit } from './fixEdit.ts';
import type { FixScope } from './fixScope.ts';
import type { Movers } from './movers.ts';
import type { ScopedLine } from './relatedLines.ts';
import type { Target, TargetQuestion } from './targets.ts';

export interface PlanQuestion extends TargetQuestion {
  /** The line with the finding. */
  readonly line: ScopedLine;
  readonly movers: Movers;
}

/** Every line or none. */
export function editOf(movers: Movers, to: (line: ScopedLine) => Rewrite): FilesEdit {
  const edits: SourcedEdit[] = [];
  for (const line of movers.lines) {
    const edit = rewriteEntry(line, to(line));
    if (edit.kind === 'disabled') {
      return edit;
    }
    edits.push({ source: line.source, index: line.index, changes: edit.changes });
  }
  return edits.length > 0 ? { kind: 'edit', edits } : disabled('No line can be changed for it.');
}

export function targetText({ lines }: Movers, edit: FilesEdit, version: Version): string {
  const [line] = lines;
  return line === undefined || line.pin !== undefined
    ? version.normal
    : rangeText(line, edit, { kind: 'floor', version: version.normal });
}

/** The specifier as the line will have it; what was meant where the line cannot be changed so. */
export function rangeText({ file, index, source }: ScopedLine, edit: FilesEdit, change: RangeChange): string {
  const own = edit.kind === 'edit' ? edit.edits.find((one) => one.source === source && one.index === index) : undefined;
  const content = own && file.edit(own.changes).contentOf(index);
  const text = content?.kind === 'index' ? content.specifier?.text : undefined;
  return text ?? (change.kind === 'floor' ? `>=${change.version}` : '');
}

// Of one requirement: nobody reads more commands.
const mostMade = 4;

/** What is compiled from a changed file has to be made again, whichever of the two somebody looks at. */
export function todoOf(
  { outputs, lines }: Movers,
  { decidedBy }: PlacedRequirement,
  scope: FixScope,
): string | undefined {
  const made = [...new Set([...outputs, ...lines.flatMap(({ source }) => scope.outputsOf(source))])];
  if (made.length > 0) {
    return made.slice(0, mostMade).map(compileAgainText).join(' ');
  }
  const isLocked = decidedBy !== undefined && decidedBy.kind !== 'constraint' && lines.length > 0;
  return isLocked ? `Its version is ${plainText(decidedText(decidedBy), 120)}: bring that up to date too.` : undefined;
}

export function notesOf({ verified, requiresPython, lostPythons, isYoung }: Target) {
  return {
    verified,
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(lostPythons === undefined ? {} : { lostPythons }),
    ...(isYoung ? ({ isYoung: true } as const) : {}),
  };
}
