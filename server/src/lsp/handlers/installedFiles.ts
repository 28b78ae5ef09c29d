import { nothingDecided } from '../../core/assessment/decided/decidedVersions.ts';
import { placeRequirements, rememberedTargets } from '../../core/assessment/placeRequirements.ts';
import type { FileReport } from '../../core/assessment/fileReport.ts';
import { declaredIn, withDeclared } from '../../core/manifests/declared.ts';
import { installedKind } from '../../core/manifests/manifestKinds.ts';
import { nameMatcher } from '../../core/packages/packageName.ts';
import { adviseFiles } from '../../project/fixing/adviseFiles.ts';
import { type FileId, fileId, shownBelow } from '../../project/fileId.ts';
import { assessor, outcomesOf } from '../../project/outcomes.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { Session } from '../session.ts';

export interface InstalledFile {
  readonly id: FileId;
  readonly report: FileReport;
}

/**
 * What is installed in the environments of these files, as `scan --environment` reports it: all of it, whichever line brings
 * it in. Asks about what is not known; what is unanswered has failed.
 */
export async function installedFiles(
  files: readonly FileSnapshot[],
  { workspace, engine, locks }: Pick<Session, 'workspace' | 'engine' | 'locks'>,
  now: number,
  signal: AbortSignal,
): Promise<readonly InstalledFile[]> {
  const found = new Map<string, { readonly id: FileId; readonly text: string }>();
  for (const { id } of files) {
    for (const { installed } of locks.known.get(id) ?? []) {
      if (installed !== undefined) found.set(installed.uri, { id: fileId(installed.uri), text: installed.text });
    }
  }
  if (found.size === 0) return [];
  const declared = declaredIn(files.map(({ file }) => file));
  const all: InstalledFile[] = [];
  for (const { id, text } of found.values()) {
    const settings = workspace.settingsOf(id);
    const file = installedKind.parse(withDeclared(text, declared));
    if (settings.blocked !== undefined || file.entries.length === 0) continue;
    const matchers = settings.privatePackages.map(nameMatcher);
    const isPrivate = (name: string): boolean => matchers.some((matches) => matches(name));
    const { kind, requirements, problems } = placeRequirements(file, rememberedTargets(isPrivate, nothingDecided));
    const { scanner } = engine.engine;
    const assess = assessor(await outcomesOf([requirements], scanner, signal));
    const path = shownBelow(workspace.folders, id);
    const [report] = await adviseFiles(
      [{ path, kind, requirements: assess(requirements), problems }],
      {
        scanner,
        locks: { python: (_, roots, ending) => locks.python(id, roots as readonly FileId[], ending) },
        roots: workspace.folders,
      },
      {
        allowMajor: settings.fixAllowMajor ?? undefined,
        minimumReleaseAgeDays: settings.fixMinimumReleaseAgeDays,
        nowMs: now,
      },
      signal,
    );
    if (report !== undefined) all.push({ id, report });
  }
  return all;
}
