import { hasTooManyLines } from '../../../core/text/lineLimit.ts';
import { editText, tooLongText } from './editText.ts';
import type { WorkspaceState } from '../workspaceState.ts';
import { type FileId, fileId } from '../../fileId.ts';
import { type ChangeOf, type Delta, noDelta } from './change.ts';
import type { TrackedFile } from '../trackedFile.ts';

// What happens to documents of the editor.

export function openDocument(
  state: WorkspaceState,
  { uri, languageId, version, text, ahead }: ChangeOf<'opened'>,
  at: number,
): Delta {
  state.files.opens(uri);
  const isTooLong = hasTooManyLines(text);
  const { file, delta } = state.track({ uri, languageId, version }, isTooLong ? '' : text, false, ahead);
  if (isTooLong) {
    file.lose(tooLongText);
  }
  return state.isToShow(file) ? { ...delta, show: state.bringUpToDate([file], at) } : delta;
}

export function editDocument(
  state: WorkspaceState,
  { file: id, version, changes, waits = false }: ChangeOf<'edited'>,
  at: number,
): Delta {
  const file = state.files.get(id);
  if (file?.version === undefined) {
    return noDelta; // it is not open: what is on disk holds
  }
  const next = version ?? file.version + 1;
  const edited = editText(file.file, changes);
  if (edited === undefined) {
    return loseDocument(state, id, at, { why: tooLongText, version: next });
  }
  if (edited.saysTheSame && state.isUpToDate(file, at)) {
    file.updateSame(edited.file, next, edited.lines);
    return { ...noDelta, sameAgain: { file: id, version: next } };
  }
  const isSlow = edited.file.isSlow === true && !file.isLinked;
  if ((isSlow || waits) && !file.isLost) {
    file.postpone(edited.file, next, edited.lines, at);
    return isSlow ? { ...noDelta, later: 'pause', pause: [id] } : { ...noDelta, later: 'turn' };
  }
  const wasLinked = file.takeWasLinked();
  file.update(edited.file, next, edited.lines, edited.isWhole);
  return showEdit(state, file, wasLinked, at);
}

/** What edits that waited come to together. */
export function workOutEdits(state: WorkspaceState, id: FileId, at: number): Delta {
  const file = state.files.get(id);
  return file?.version === undefined ? noDelta : showEdit(state, file, file.takeWasLinked(), at);
}

function showEdit(state: WorkspaceState, file: TrackedFile, wasLinked: boolean, at: number): Delta {
  const { id } = file;
  if (!state.isToShow(file)) {
    return noDelta;
  }
  const show = state.bringUpToDate([file], at);
  const asks = file.asksForMore;
  if (asks) {
    file.stopAsking(); // what was asked before this edit is no longer all that the file says
  }
  const { isLinked, bringsIn } = file;
  return {
    ...noDelta,
    show,
    stop: asks ? [id] : [],
    pause: asks || file.hasUnsaidProblems || isLinked || bringsIn ? [id] : [],
    link: wasLinked && !isLinked, // after the pause nothing would say that it had any
  };
}

export function loseDocument(
  state: WorkspaceState,
  id: FileId,
  at: number,
  { why, version }: { why?: string; version?: number } = {},
): Delta {
  const file = state.files.get(id);
  if (file?.version === undefined) {
    return noDelta;
  }
  file.stopAsking();
  file.lose(why, version);
  const isToShow = state.isToShow(file);
  return { ...noDelta, stop: [id], show: isToShow ? state.bringUpToDate([file], at) : [], redraw: isToShow };
}

export function endTyping(state: WorkspaceState, id: FileId, at: number): Delta {
  const file = state.files.get(id);
  if (file === undefined || !state.isToShow(file)) {
    return noDelta;
  }
  file.typingPaused();
  const show = [...state.bringUpToDate([file], at), ...state.locksOf([file])];
  return { ...noDelta, show, ask: file.asksForMore ? [id] : [], link: file.isLinked };
}

export function closeDocument(state: WorkspaceState, uri: string): Delta {
  const id = fileId(uri);
  const file = state.files.get(id);
  if (!state.files.closes(uri) || file === undefined) {
    return noDelta;
  }
  state.files.delete(id);
  // What a search of the workspace found, or would find now, stays in the Problems panel, as it is on disk.
  const stays = file.inWorkspace || state.wouldBeFound(id);
  return { ...noDelta, stop: [id], clear: stays ? [] : [file.uri], read: stays ? [id] : [], link: true };
}
