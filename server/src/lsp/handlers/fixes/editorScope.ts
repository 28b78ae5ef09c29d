import type { FixScope } from '../../../core/fixes/fixScope.ts';
import type { EditedDocument } from '../../../features/actions/workspaceEdit.ts';
import { pythonDemand } from '../../../project/fixing/adviseFiles.ts';
import { decodedId, type FileId, join, shownBelow } from '../../../project/fileId.ts';
import { readFixScope } from '../../../project/fixing/readFixScope.ts';
import type { FileSnapshot } from '../../../project/workspace/fileSnapshot.ts';
import type { Session } from '../../session.ts';

/** The files that have a say in fixes, as they are this moment. */
export interface EditorScope {
  readonly scope: FixScope;
  /** By `source` of the scope. */
  readonly documents: ReadonlyMap<string, EditedDocument>;
}

/** `isFresh`: files that are not open are read again, since they are to be changed. */
export async function editorScope(
  { workspace, reader, locks }: Pick<Session, 'workspace' | 'reader' | 'locks'>,
  files: readonly FileSnapshot[],
  { isFresh, signal }: { readonly isFresh: boolean; readonly signal: AbortSignal },
): Promise<EditorScope> {
  const documents = new Map<string, EditedDocument | undefined>();
  files.forEach((file) => documents.set(file.id, editedDocument(file)));
  const scope = await readFixScope(
    files.map(({ id }) => id),
    {
      read: async (id) => {
        if (!documents.has(id) && !signal.aborted) {
          const tracked = isFresh ? undefined : workspace.tracked(id as FileId);
          documents.set(id, tracked ? editedDocument(tracked) : await reader.readForEdit(id as FileId));
        }
        return documents.get(id)?.file;
      },
      resolve: (from, target) => join(from as FileId, target),
      includers: (id) => workspace.includersOf(id as FileId),
      pathOf: (id) => decodedId(id as FileId),
      shown: (id) => shownBelow(workspace.folders, id as FileId),
      pythons: async (id) => {
        const found = await locks.python(id as FileId, workspace.folders, signal);
        return pythonDemand(found);
      },
    },
  );
  const known = [...documents].flatMap(([id, document]) => (document === undefined ? [] : [[id, document] as const]));
  return { scope, documents: new Map(known) };
}

export function editedDocument({ uri, version, file }: FileSnapshot): EditedDocument {
  return { uri, version: version ?? null, file };
}
