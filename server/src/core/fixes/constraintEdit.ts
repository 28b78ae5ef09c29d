import type { IndexRequirement } from '../manifests/requirement.ts';
import { disabled, quoted, shown } from '../manifests/rewrite.ts';
import { pinnedVersion } from '../versions/pinnedVersion.ts';
import { contains, parseClause } from '../versions/specifier.ts';
import type { Version } from '../versions/version.ts';
import { type FilesEdit, rewriteEntry, type SourcedEdit, type SourcedFile, type SourcedItem } from './fixEdit.ts';
import type { ReleaseFile } from '../packages/release.ts';

/**
 * The edit for a requirement whose version constraints files decide: it belongs where the pin is. Every pin of the package
 * is changed, or none: two that differ would leave nothing to install. The requirement must allow the target itself.
 */
export function constraintEdit(
  requirement: IndexRequirement,
  constraints: readonly SourcedFile[],
  target: Version,
  targetFiles?: readonly ReleaseFile[],
): FilesEdit {
  const name = shown(requirement.name);
  const barring = requirement.specifier?.clauses.find(({ operator, version }) => {
    const clause = parseClause(operator, version);
    return clause === undefined || !contains([clause], target);
  });
  if (barring !== undefined) {
    return disabled(`${name}: ${quoted(barring.operator + barring.version)} does not allow ${target.normal}.`);
  }
  const edits: SourcedEdit[] = [];
  for (const { source, file, index } of decidingPins(requirement, constraints)) {
    const edit = rewriteEntry({ file, index }, { kind: 'pin', version: target, files: targetFiles });
    if (edit.kind === 'disabled') {
      return { ...edit, reason: `${edit.reason} (in ${quoted(source)})` };
    }
    edits.push({ source, index, changes: edit.changes });
  }
  return edits.length > 0 ? { kind: 'edit', edits } : disabled(`No constraints file pins ${name}.`);
}

/** The pins that decide the version of a package; one under a marker may not hold and decides nothing. */
function decidingPins(requirement: IndexRequirement, constraints: readonly SourcedFile[]): readonly SourcedItem[] {
  return constraints.flatMap(({ source, file }) =>
    file.entriesFor(requirement.name.normalized).flatMap((index) => {
      const content = file.contentOf(index);
      const decides =
        content?.kind === 'index' &&
        content.marker === undefined &&
        pinnedVersion(content.specifier?.clauses ?? []).kind === 'pin';
      return decides ? [{ source, file, index }] : [];
    }),
  );
}
