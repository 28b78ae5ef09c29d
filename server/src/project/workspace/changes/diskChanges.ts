import { kindOfNamed } from '../../../core/manifests/manifestKinds.ts';
import { isAboutPackages } from '../../../core/manifests/reading/isAboutPackages.ts';
import { unreadInclude } from '../../reading/unreadInclude.ts';
import type { WorkspaceState } from '../workspaceState.ts';
import { decodedId, type FileId, isDiskAddress, isInside } from '../../fileId.ts';
import { type ChangeOf, type Delta, noDelta } from './change.ts';

// What happens to files on disk, and to the folders in which they are looked for.

export function takeRead(state: WorkspaceState, { file: id, why, read }: ChangeOf<'read'>, at: number): Delta {
  const known = state.files.get(id);
  const inWorkspace = why !== 'included';
  if (known?.version !== undefined) {
    known.inWorkspace ||= inWorkspace; // it was opened meanwhile
    return noDelta;
  }
  if ('error' in read) {
    state.includes.setUnreadable(id, unreadInclude(read));
    if (why === 'found' || why === 'closed') {
      state.setUnread(id, read);
    }
    return why === 'closed' ? { ...noDelta, clear: [state.files.uriOf(id)] } : noDelta;
  }
  if (known === undefined && (why === 'found' || why === 'closed') && isOfAnotherProgram(id, read.text)) {
    state.unreadFiles.delete(id);
    return why === 'closed' ? { ...noDelta, clear: [state.files.uriOf(id)] } : noDelta;
  }
  const { file, delta } = state.trackRead(id, read.text, inWorkspace);
  if (why !== 'closed') {
    return delta;
  }
  return state.isToShow(file)
    ? { ...delta, show: state.bringUpToDate([file], at) }
    : { ...delta, clear: [...delta.clear, file.uri] };
}

/** Its name alone made it one to look at. */
function isOfAnotherProgram(id: FileId, text: string): boolean {
  const kind = kindOfNamed(decodedId(id));
  return kind.word !== undefined && !text.includes(kind.word) && !isAboutPackages(kind.parse(text), text);
}

export function takeReadAgain(state: WorkspaceState, { file: id, edition, read }: ChangeOf<'readAgain'>): Delta {
  const before = state.files.get(id);
  if (before === undefined || state.editions.get(before) !== edition) {
    return noDelta; // it was opened or closed meanwhile: it was read then
  }
  if ('error' in read) {
    state.files.delete(id);
    if (before.inWorkspace) {
      state.setUnread(id, read);
    }
    return { ...noDelta, stop: [id], clear: [before.uri], link: true };
  }
  return read.text === state.texts.get(before) ? noDelta : state.trackRead(id, read.text, before.inWorkspace).delta;
}

export function takeSearch(state: WorkspaceState, search: ChangeOf<'searched'>): Delta {
  const { since, found, unsearched, skipped, isComplete } = search;
  state.searches--;
  for (const id of found) {
    const file = state.files.get(id);
    if (file !== undefined) {
      file.inWorkspace = true;
    }
  }
  if (!isComplete && state.hasWholeWorkspace) {
    return noDelta; // an earlier one was
  }
  state.found = [...found];
  state.unsearched = unsearched;
  state.skipped = skipped;
  // Folders that are not on disk are not searched.
  state.hasWholeWorkspace = isComplete && state.folders.length > 0 && state.folders.every(isDiskAddress);
  if (!isComplete) {
    return noDelta;
  }
  [...state.unreadFiles.keys()].filter((id) => !found.has(id)).forEach((id) => state.unreadFiles.delete(id));
  const gone = state.files.all.filter(
    (file) =>
      file.version === undefined && file.inWorkspace && !found.has(file.id) && (state.editions.get(file) ?? 0) <= since, // what was read since then has come in the meantime
  );
  return state.letGo(gone);
}

/** What a search found in a folder that is gone, and nobody has open, is let go of; an open file goes when it is closed. */
export function takeFolders(state: WorkspaceState, folders: readonly FileId[]): Delta {
  const left = state.folders.filter((folder) => !folders.includes(folder));
  state.folders = folders;
  state.includes.lookAgain(); // another place may be one where files are read
  state.hasWholeWorkspace = false;
  const outside = state.files
    .inside(left)
    .filter(({ id, inWorkspace }) => inWorkspace && !folders.some((one) => isInside(id, one)));
  outside.forEach((file) => (file.inWorkspace = false));
  [...state.unreadFiles.keys()].filter((id) => !state.isInFolders(id)).forEach((id) => state.unreadFiles.delete(id));
  return state.letGo(outside.filter(({ version }) => version === undefined));
}
