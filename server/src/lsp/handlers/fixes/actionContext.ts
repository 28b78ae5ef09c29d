import type { FixContext } from '../../../core/fixes/fixPlan.ts';
import type { FixPolicy } from '../../../core/fixes/fixPolicy.ts';
import type { Range } from '../../../core/text/position.ts';
import type { ActionAbilities, CodeActionContext } from '../../../features/actions/fixAction.ts';
import { namesWithHashes, vulnerableNames } from '../../../project/fixing/namesWithHashes.ts';
import { releaseFiles } from '../../../engine/index/releaseFiles.ts';
import type { FileSnapshot } from '../../../project/workspace/fileSnapshot.ts';
import type { Session } from '../../session.ts';
import { type EditorScope, editorScope } from './editorScope.ts';

/** What of a session a fix is made from. */
export type FixSession = Pick<Session, 'workspace' | 'engine' | 'ignores' | 'reader' | 'locks' | 'project' | 'raises'>;

export interface ContextOptions {
  readonly abilities: ActionAbilities;
  /** Digests that are not at hand: asked for now, left for later, or done without. */
  readonly digests: 'now' | 'later' | 'never';
  readonly ignoreCommand?: string | undefined;
  readonly terminalCommand?: string | undefined;
  /** Where digests are needed; absent for all of the document. */
  readonly range?: Range;
  readonly signal: AbortSignal;
}

/** All that fixes of a document are made from, as it is this moment. Rejects only with the signal's reason. */
export async function actionContext(
  session: FixSession,
  tracked: FileSnapshot,
  { abilities, digests, ignoreCommand, terminalCommand, range, signal }: ContextOptions,
): Promise<CodeActionContext> {
  const { fix, documents } = await fixContext(session, [tracked], { digests, signal, ...(range && { range }) });
  return {
    id: tracked.id,
    document: documents.get(tracked.id) ?? { uri: tracked.uri, version: tracked.version ?? null, file: tracked.file },
    lines: tracked.lines,
    raiseOf: (comes, coming) => session.raises.of(comes, coming),
    documents,
    fix,
    canAskForFiles: () => digests === 'later' && session.engine.engine.index !== undefined,
    ignoreCommand: session.ignores.isTrusted ? ignoreCommand : undefined,
    terminalCommand: session.ignores.isTrusted ? terminalCommand : undefined,
    minimumSeverity: tracked.settings.minimumSeverity,
    abilities,
  };
}

export interface EditorFixes extends Pick<EditorScope, 'documents'> {
  readonly fix: FixContext;
}

/** The same for several files together. */
export async function fixContext(
  session: FixSession,
  files: readonly FileSnapshot[],
  { digests, range, signal }: Pick<ContextOptions, 'digests' | 'range' | 'signal'>,
): Promise<EditorFixes> {
  const { scanner, index } = session.engine.engine;
  const assessed = files.flatMap((file) => assessedIn(file, range));
  const [{ scope, documents }] = await Promise.all([
    editorScope(session, files, { isFresh: digests !== 'never', signal }),
    scanner.recallPackages(vulnerableNames(assessed)),
  ]);
  const known = [...documents.values()].map(({ file }) => file);
  const filesOf = await releaseFiles(digests === 'now' ? namesWithHashes(assessed, known) : [], {
    scanner,
    index,
    signal,
  });
  const factsOf: FixContext['factsOf'] = (name) => scanner.peekPackage(name)?.facts;
  return { fix: { scope, filesOf, factsOf, policy: policyOf(session, files) }, documents };
}

function policyOf({ project }: FixSession, [file]: readonly FileSnapshot[]): FixPolicy {
  const { fixAllowMajor, fixMinimumReleaseAgeDays: minimumReleaseAgeDays } =
    file?.settings ?? project.workspace.settings.window;
  return { allowMajor: fixAllowMajor ?? undefined, minimumReleaseAgeDays, nowMs: project.now() };
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
