import { compiledBy } from '../core/fixes/compiledBy.ts';
import { hasHashes } from '../core/fixes/hashEdit.ts';
import { resolveInclude } from '../core/requirements/includePath.ts';
import type { PackageName, Range } from '../core/requirements/model.ts';
import type { ActionAbilities, CodeActionContext } from '../features/fixAction.ts';
import type { EditedDocument } from '../features/workspaceEdit.ts';
import { releaseFiles } from '../scan/releaseFiles.ts';
import type { Session } from './session.ts';
import type { TrackedFile } from './trackedFile.ts';

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
  session: Session,
  tracked: TrackedFile,
  { abilities, digests, ignoreCommand, range, signal }: ContextOptions,
): Promise<CodeActionContext> {
  const document = editedDocument(tracked);
  const { lines } = tracked;
  const constraints = session.constraintsOf(tracked.uri).map(editedDocument);
  const names = digests === 'now' ? namesWithHashes(tracked, [document, ...constraints], range) : [];
  const { scanner, index } = session.engine;
  const [sources, filesOf] = await Promise.all([
    sourcesOf(session, document),
    releaseFiles(names, { scanner, index, signal }),
  ]);
  return {
    document,
    lines,
    constraints,
    sources,
    filesOf,
    canAskForFiles: () => digests === 'later' && index !== undefined,
    ignoreCommand: session.isTrusted ? ignoreCommand : undefined,
    abilities,
  };
}

export function editedDocument({ uri, version, file }: TrackedFile): EditedDocument {
  return { uri, version: version ?? null, file };
}

/** The vulnerable packages of these lines that a file pins with hashes. */
function namesWithHashes(
  { lines }: TrackedFile,
  documents: readonly EditedDocument[],
  range: Range | undefined,
): readonly PackageName[] {
  const names = new Set<PackageName>();
  for (const { requirement, state } of lines) {
    const { subject } = requirement;
    const isHere =
      range === undefined ||
      (requirement.range.start.line <= range.end.line && requirement.range.end.line >= range.start.line);
    const isVulnerable =
      state.kind === 'settled' && state.outcome.kind === 'assessed' && state.outcome.findings.length > 0;
    if (isHere && isVulnerable && subject.kind === 'lookup') {
      names.add(subject.lookup.name);
    }
  }
  return [...names].filter((name) => documents.some(({ file }) => hasHashes(file, name)));
}

/** The command was run beside the file, or in a folder above it. */
async function sourcesOf(session: Session, { uri, file }: EditedDocument): Promise<readonly EditedDocument[]> {
  const names = (compiledBy(file)?.sources ?? []).filter((name) => /\.(?:in|txt)$/u.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      for (const base of basesOf(uri, session.folders)) {
        const source = resolveInclude(base, encodeURI(name).replace(/[?#]/gu, encodeURIComponent));
        const read = source === uri ? undefined : await session.readForEdit(source);
        if (read !== undefined) {
          return read;
        }
      }
      return undefined;
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** The file, and the folders above it that are in the workspace, the nearest first. */
function basesOf(uri: string, folders: readonly string[]): readonly string[] {
  const bases = [uri];
  for (let at = uri.lastIndexOf('/'); at > 0; at = uri.lastIndexOf('/', at - 1)) {
    const above = uri.slice(0, at + 1);
    if (above !== uri.slice(0, uri.lastIndexOf('/') + 1) && folders.some((one) => above.startsWith(one))) {
      bases.push(above);
    }
  }
  return bases;
}
