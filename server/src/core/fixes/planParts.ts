import { decidedText } from '../assessment/decided/decidedVersions.ts';
import type { OtherPlace, PlacedRequirement } from '../assessment/requirement.ts';
import { kindOfNamed } from '../manifests/manifestKinds.ts';
import { disabled, type RangeChange, type Rewrite } from '../manifests/rewrite.ts';
import { plainText } from '../text/plainText.ts';
import { contains, parseClause } from '../versions/specifier.ts';
import type { Version } from '../versions/version.ts';
import { compileAgainText } from './words/compiledText.ts';
import { type FilesEdit, rewriteEntry, type SourcedEdit } from './fixEdit.ts';
import type { FixContext, Todo } from './fixPlan.ts';
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
export function editOf(lines: readonly ScopedLine[], to: (line: ScopedLine) => Rewrite): FilesEdit {
  const edits: SourcedEdit[] = [];
  for (const line of lines) {
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

/** A pin becomes another one, a range gets a floor; one that does not allow the version is given up. */
export function rewriteTo({ pin, content }: ScopedLine, version: Version, { filesOf }: FixContext): Rewrite {
  if (pin !== undefined) {
    return { kind: 'pin', version, files: filesOf(content.name.normalized, version.normal) };
  }
  const allowed = (content.specifier?.clauses ?? []).every((clause) => {
    const read = parseClause(clause.operator, clause.version);
    return read !== undefined && contains([read], version);
  });
  return allowed ? { kind: 'floor', version: version.normal } : { kind: 'replace', floor: version.normal };
}

export function planTodo(movers: Movers, requirement: PlacedRequirement, scope: FixScope): Todo | undefined {
  return todoOf(movers, scope) ?? (movers.lines.length > 0 ? lockTodo(requirement) : undefined);
}

/** What decides the version of a changed line has to follow it. */
function lockTodo({ decidedBy, normalizedName, places = [] }: PlacedRequirement): Todo | undefined {
  if (decidedBy === undefined) return pinnedTodo(normalizedName, places);
  if (decidedBy.kind === 'constraint' || decidedBy.kind === 'fileName') return undefined;
  const { kind, source } = decidedBy;
  const decided = plainText(decidedText(decidedBy), 120);
  const again = kind === 'lock' ? kindOfNamed(source).lockAgain?.(normalizedName) : undefined;
  return {
    kind: laterSteps[kind],
    text:
      again === undefined
        ? `Its version is ${decided}: bring that up to date too.`
        : `Its version is ${decided}. Lock again: ${again}`,
  };
}

/** A lock has the same release as the pin that is changed. */
function pinnedTodo(name: string, places: readonly OtherPlace[]): Todo | undefined {
  const [first] = places.flatMap(({ path }) => {
    const again = kindOfNamed(path).lockAgain?.(name);
    return again === undefined ? [] : [{ path, again }];
  });
  return first && { kind: 'lock', text: `It is locked by ${plainText(first.path, 120)}. Lock again: ${first.again}` };
}

const laterSteps = { compiled: 'compile', lock: 'lock', environment: 'install' } as const;

// Of one requirement: nobody reads more commands.
const mostMade = 4;

/** What is compiled from a changed file has to be made again, whichever of the two somebody looks at. */
export function todoOf({ outputs, lines }: Pick<Movers, 'outputs' | 'lines'>, scope: FixScope): Todo | undefined {
  const made = [...new Set([...outputs, ...lines.flatMap(({ source }) => scope.outputsOf(source))])];
  return made.length === 0
    ? undefined
    : { kind: 'compile', text: made.slice(0, mostMade).map(compileAgainText).join(' ') };
}

export function notesOf({ verified, requiresPython, lostPythons, isYoung }: Target) {
  return {
    verified,
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(lostPythons === undefined ? {} : { lostPythons }),
    ...(isYoung ? ({ isYoung: true } as const) : {}),
  };
}
