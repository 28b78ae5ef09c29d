import type { Range } from '../../../core/text/position.ts';
import type { ActionAbilities, CodeActionContext } from '../../../features/actions/fixAction.ts';
import type { EditedDocument } from '../../../features/actions/workspaceEdit.ts';
import { below, type FileId, folderOf, isAtOrInside } from '../../../project/fileId.ts';
import { namesWithHashes } from '../../../project/namesWithHashes.ts';
import { releaseFiles } from '../../../engine/index/releaseFiles.ts';
import type { FileSnapshot } from '../../../project/workspace/fileSnapshot.ts';
import type { Session } from '../../session.ts';

/** What of a session a fix is made from. */
export type FixSession = Pick<Session, 'workspace' | 'engine' | 'ignores' | 'reader'>;

export interface ContextOptions {
  readonly abilities: ActionAbilities;
  /** Digests that are not at hand: asked for now, left for later, or done without. */
  readonly digests: 'now' | 'later' | 'never';
  readonly ignoreCommand?: string | undefined;
  /** Where digests are needed; absent for all of the document. */
  readonly range?: Range;
  readonly signal: AbortSignal;
}

/** All that fixes of a document are made from, as it is this moment. Rejects only with the signal's reason. */
export async function actionContext(
  session: FixSession,
  tracked: FileSnapshot,
  { abilities, digests, ignoreCommand, range, signal }: ContextOptions,
): Promise<CodeActionContext> {
  const document = editedDocument(tracked);
  const { lines } = tracked;
  const constraints = session.workspace.constraintsOf(tracked.id).map(editedDocument);
  const files = [document, ...constraints].map(({ file }) => file);
  const names = digests === 'now' ? namesWithHashes(assessedIn(tracked, range), files) : [];
  const { scanner, index } = session.engine.engine;
  const [sources, filesOf] = await Promise.all([
    sourcesOf(session, tracked),
    releaseFiles(names, { scanner, index, signal }),
  ]);
  return {
    document,
    lines,
    constraints,
    sources,
    filesOf,
    canAskForFiles: () => digests === 'later' && index !== undefined,
    ignoreCommand: session.ignores.isTrusted ? ignoreCommand : undefined,
    abilities,
  };
}

export function editedDocument({ uri, version, file }: FileSnapshot): EditedDocument {
  return { uri, version: version ?? null, file };
}

/** What is known of the lines in the range, or of all. */
function assessedIn({ lines }: FileSnapshot, range: Range | undefined) {
  return lines.flatMap(({ requirement, state }) => {
    const isHere =
      range === undefined ||
      (requirement.range.start.line <= range.end.line && requirement.range.end.line >= range.start.line);
    return isHere && state.kind === 'settled' ? [{ requirement, outcome: state.outcome }] : [];
  });
}

/** The command was run beside the file, or in a folder above it. */
async function sourcesOf(
  { workspace, reader }: FixSession,
  { id, file }: FileSnapshot,
): Promise<readonly EditedDocument[]> {
  const names = (file.compiled?.sources ?? []).filter((name) => /\.(?:in|txt)$/u.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      for (const base of basesOf(id, workspace.folders)) {
        const source = below(base, name);
        const read = source === id ? undefined : await reader.readForEdit(source);
        if (read !== undefined) {
          return read;
        }
      }
      return undefined;
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** The folder of the file, and those above it that are in the workspace, the nearest first. */
function basesOf(file: FileId, folders: readonly FileId[]): readonly FileId[] {
  const bases = [folderOf(file)];
  for (let above = folderOf(folderOf(file)); folders.some((one) => isAtOrInside(above, one)); above = folderOf(above)) {
    if (bases.at(-1) === above) {
      break; // the root
    }
    bases.push(above);
  }
  return bases;
}
