import type { InlayHint, InlayHintParams } from 'vscode-languageserver';
import { filesOfRelease } from '../../core/packages/filesOfRelease.ts';
import { inlayHints } from '../../features/inlayHints.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import { editedDocument } from './fixes/actionContext.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';

/** `textDocument/inlayHint`: the version to go to, beside what is vulnerable. */
export function inlayHint(workspace: Workspace, engine: EngineHolder): (params: InlayHintParams) => InlayHint[] {
  return ({ textDocument, range }) => {
    const file = workspace.snapshot(fileId(textDocument.uri));
    return file === undefined || !file.settings.inlayHintsEnabled
      ? []
      : inlayHints(file, range, {
          document: editedDocument(file),
          filesOf: (name, version) => filesOfRelease(engine.engine.scanner.peekPackage(name)?.facts.releases, version),
        });
  };
}
