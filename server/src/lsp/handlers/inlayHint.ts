import type { CancellationToken, InlayHint, InlayHintParams } from 'vscode-languageserver';
import { inlayHints } from '../../features/inlayHints.ts';
import { fileId } from '../../project/fileId.ts';
import { signalOf } from '../client/signalOf.ts';
import type { Session } from '../session.ts';
import { type FixSession, fixContext } from './fixes/actionContext.ts';

/** `textDocument/inlayHint`: the version to go to, beside what is vulnerable. */
export function inlayHint(
  session: FixSession & Pick<Session, 'words'>,
): (params: InlayHintParams, token: CancellationToken) => Promise<InlayHint[]> {
  return async ({ textDocument, range }, token) => {
    const id = fileId(textDocument.uri);
    const file = session.workspace.snapshot(id);
    if (file === undefined || !file.settings.inlayHintsEnabled) {
      return [];
    }
    const { signal, dispose } = signalOf(token);
    try {
      const { fix } = await fixContext(session, [file], { digests: 'never', range, signal });
      return inlayHints(file, range, { id, fix }, session.words);
    } finally {
      dispose();
    }
  };
}
