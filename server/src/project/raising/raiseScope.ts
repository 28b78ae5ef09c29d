import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { MarkerValues } from '../../core/markers/holdsIn.ts';
import type { MarkerTree } from '../../core/markers/markerTree.ts';
import { plainText } from '../../core/text/plainText.ts';
import { parseSpecifier } from '../../core/versions/specifier.ts';
import type { ProjectPython } from '../../engine/lockReader.ts';
import type { RaiseScope } from './askRaise.ts';
import { type DeclaringFile, declaredNames } from './declaredNames.ts';

/** A file that declares what a tree holds, with what holds for it. */
export interface RaisingFile extends DeclaringFile {
  readonly python: ProjectPython | undefined;
  /** All that decides versions for it. */
  readonly locked: readonly LockedVersions[];
  readonly isPrivate: (name: string) => boolean;
  /** Its packages may be from an index of its own. */
  readonly namesOtherIndex: boolean;
}

/** A lock, compiled file or environment that says what asks for what. */
export type RaisingSource = LockedVersions & Required<Pick<LockedVersions, 'tree'>>;

/** What holds for the packages of a tree, as all files say that declare what it holds. */
export function raiseScope(
  source: RaisingSource,
  files: readonly RaisingFile[],
  age: Pick<RaiseScope, 'minimumReleaseAgeDays' | 'nowMs'>,
): RaiseScope {
  const { kind, tree, compiled } = source;
  const own = compiled?.requiresPython;
  const pythons = [...files.flatMap(({ python }) => python?.requiresPython ?? []), ...(own === undefined ? [] : [own])];
  const markers = markersOf(source, files);
  return {
    ...age,
    tree,
    ...declaredNames(files, kind),
    markers,
    demand: markers.size === 0 ? demandOf(pythons) : undefined,
    pythons,
    isPrivate: (name) => files.some(({ isPrivate }) => isPrivate(name)),
    refusal: refusalOf(files),
  };
}

/** A lock is for more than the environment that lies beside it, unless that alone says what asks for what. */
function markersOf({ kind, source, installed }: LockedVersions, files: readonly RaisingFile[]): MarkerValues {
  if (kind === 'environment') return installed?.markers ?? new Map();
  const beside = files.flatMap(({ locked }) => locked).find((one) => one.installed !== undefined);
  return (source === 'Pipfile.lock' ? beside?.installed?.markers : undefined) ?? new Map();
}

/** The Pythons as a marker; `undefined` where nothing says which. */
function demandOf(pythons: readonly string[]): MarkerTree | undefined {
  const operands = pythons.flatMap((one) =>
    (parseSpecifier(one) ?? []).map(({ operator, text }): MarkerTree => ({
      kind: 'compare',
      left: { kind: 'variable', name: 'python_full_version' },
      operator,
      right: { kind: 'literal', value: text },
    })),
  );
  return operands.length === 0 ? undefined : { kind: 'and', operands };
}

function refusalOf(files: readonly RaisingFile[]): string | undefined {
  const other = files.find(({ namesOtherIndex }) => namesOtherIndex);
  if (other !== undefined) return `${plainText(other.shown, 100)} names a package index of its own, or none`;
  return files.length === 0 ? 'no file that declares its packages was read' : undefined;
}
