import type { CancellationToken, CodeLens, CodeLensParams, Command } from 'vscode-languageserver';
import { editorCommands, serverCommands } from '../../../../protocol/ids.ts';
import type { FixAllParams } from '../../../../protocol/messages/fixAll.ts';
import type { RescanParams } from '../../../../protocol/messages/rescan.ts';
import { fixFiles } from '../../core/fixes/fixFiles.ts';
import { codeLenses } from '../../features/codeLens.ts';
import { fileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { ClientAbilities } from '../client/capabilities.ts';
import { signalOf } from '../client/signalOf.ts';
import type { Session } from '../session.ts';
import { type FixSession, fixContext } from './fixes/actionContext.ts';

/** `textDocument/codeLens`: one line of counts, and what *Fix All* would fix. */
export function codeLens(
  session: FixSession & Pick<Session, 'age' | 'abilities' | 'words'>,
): (params: CodeLensParams, token: CancellationToken) => Promise<CodeLens[]> {
  const { workspace, age, abilities, words } = session;
  return async ({ textDocument: { uri } }, token) => {
    const file = workspace.snapshot(fileId(uri));
    if (file === undefined || !file.settings.codeLensEnabled) {
      return [];
    }
    const fixable = file.tally.open === 0 ? 0 : await fixableIn(session, file, token);
    return codeLenses(
      file,
      { rescan: rescanCommand(uri, abilities), fix: fixCommand(uri, abilities) },
      fixable,
      age.now(),
      words,
    );
  };
}

async function fixableIn(session: FixSession, file: FileSnapshot, token: CancellationToken): Promise<number> {
  const { signal, dispose } = signalOf(token);
  try {
    const { fix } = await fixContext(session, [file], { digests: 'never', signal });
    const requirements = file.lines.flatMap(({ requirement, state }) =>
      state.kind === 'settled' ? [{ requirement, outcome: state.outcome }] : [],
    );
    const { fixed, left } = fixFiles([{ source: file.id, requirements }], fix, fix.policy.allowMajor !== true);
    // Digests are asked for when it is fixed.
    const canAsk = session.engine.engine.index !== undefined;
    return fixed.length + (canAsk ? left.filter(({ wantsFiles }) => wantsFiles === true).length : 0);
  } finally {
    dispose();
  }
}

type Abilities = Pick<ClientAbilities, 'editorCommands'>;

/** Our own extension has a command that also says what came of it; other clients run the server's. */
function rescanCommand(uri: string, { editorCommands: hasCommands }: Abilities): Omit<Command, 'title'> {
  return hasCommands
    ? { command: editorCommands.rescan, arguments: [uri] }
    : { command: serverCommands.rescan, arguments: [{ uris: [uri] } satisfies RescanParams] };
}

function fixCommand(uri: string, { editorCommands: hasCommands }: Abilities): Omit<Command, 'title'> {
  return hasCommands
    ? { command: editorCommands.fixAll, arguments: [uri] }
    : { command: serverCommands.fixAll, arguments: [{ uris: [uri] } satisfies FixAllParams] };
}
