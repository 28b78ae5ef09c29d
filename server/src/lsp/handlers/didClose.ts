import { fileId } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { IncludeLinker } from '../tasks/includeLinker.ts';
import type { Openings } from '../tasks/pacing/openings.ts';
import type { WorkspaceReader } from '../tasks/workspaceReader.ts';
import { fieldsOf } from './documentParams.ts';

/** `textDocument/didClose`. What the workspace has of the file on disk takes the place of the editor's text. */
export function didClose(
  project: Project,
  openings: Openings,
  reader: WorkspaceReader,
  linker: IncludeLinker,
): (params: unknown) => Promise<void> {
  return async (params) => {
    const { uri } = fieldsOf(fieldsOf(params)['textDocument']);
    if (typeof uri !== 'string') {
      return;
    }
    openings.finish(fileId(uri));
    const { read, link } = project.apply({ kind: 'closed', uri });
    for (const file of read) {
      await reader.read(file, 'closed');
    }
    if (link) {
      await linker.follow(read);
    }
  };
}
