import { decidedFor, type FileConstraints } from '../../decided.ts';
import type { WorkspaceState } from '../workspaceState.ts';
import { decodedId, type FileId } from '../../fileId.ts';
import { type ChangeOf, type Delta, noDelta } from './change.ts';
import type { TrackedFile } from '../trackedFile.ts';

// What settings, other files and look-ups say of the files that there are.

export function takeSettings(state: WorkspaceState, { settings, forgets }: ChangeOf<'settings'>, at: number): Delta {
  state.files.settings = settings;
  state.isReady = true;
  for (const file of state.files.all) {
    file.stopAsking();
    file.applySettings(state.files.settingsOf(file.id));
    if (forgets) {
      file.forgetOutcomes();
    }
  }
  const { all, selected } = state.files;
  return {
    ...state.showAgain(selected, at),
    redraw: all.length > 0,
    stop: state.files.all.map(({ id }) => id),
    clear: all.filter((file) => !state.files.isSelected(file)).map(({ uri }) => uri),
  };
}

export function forgetAnswers(state: WorkspaceState, at: number): Delta {
  for (const file of state.files.all) {
    file.stopAsking();
    file.forgetOutcomes();
  }
  return { ...state.showAgain(state.files.selected, at), stop: state.files.all.map(({ id }) => id) };
}

export function linkFiles(state: WorkspaceState, { taken, also }: ChangeOf<'linked'>, at: number): Delta {
  const { locks } = state.knowledge;
  const wanted = state.files.all.filter(({ version, inWorkspace }) => version !== undefined || inWorkspace);
  const needed = state.includes.reachedFrom(wanted.map(({ id }) => id));
  const dropped = state.letGo(state.files.all.filter(({ id }) => !needed.has(id)));
  const linksOf = state.includes.links((id) => state.shownName(id));
  const linked = new Map<FileId, FileConstraints>();
  const changed = new Set<TrackedFile>();
  for (const file of state.files.all) {
    const { includedAt, problems, ...constraints } = linksOf(file);
    // Another file's turn may come while the locks of this one are still being read.
    const isAll = locks.has(file.id);
    if (isAll) {
      linked.set(file.id, constraints);
    }
    const decided = decidedFor(
      decodedId(file.id),
      constraints,
      locks.get(file.id),
      state.knowledge.ownIndexOf?.(file.id),
    );
    const python = state.knowledge.pythonOf?.(file.id)?.requiresPython;
    const isForOthers = state.pythons.get(file) !== python;
    state.pythons.set(file, python);
    if (file.link({ decided, includedAt, problems }, state.files.settingsOf(file.id), isAll) || isForOthers) {
      changed.add(file);
    }
  }
  state.linked = linked;
  const among = new Set([...taken, ...also]);
  const touched = state.files.selected.filter((file) => changed.has(file) || among.has(file.id));
  const delta = state.showAgain(touched, at);
  return {
    ...delta,
    stop: dropped.stop,
    clear: dropped.clear,
    ask: touched.filter((file) => taken.includes(file.id) || file.asksForMore).map(({ id }) => id),
  };
}

export function beginAsking(state: WorkspaceState, { files, keys }: ChangeOf<'asking'>, at: number): Delta {
  const asking = state.tracked(files);
  asking.forEach((file) => file.ask(keys));
  const unshown = asking.filter(({ isShown }) => !isShown);
  state.bringUpToDate(unshown, at); // what was just read counts as being checked, not as nothing
  return { ...noDelta, stop: files };
}

export function takeAnswers(
  state: WorkspaceState,
  { files, outcomes, again }: ChangeOf<'answered'>,
  at: number,
): Delta {
  const settled = state.tracked(files);
  for (const file of settled) {
    if (outcomes !== undefined) {
      file.settle(outcomes, { now: at, again });
    }
    file.stopAsking();
  }
  return state.showAgain(settled, at);
}
