import { type FileId, fileId } from '../../project/fileId.ts';
import type { Delta } from '../../project/workspace/changes/change.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { DiskFollower } from '../tasks/diskFollower.ts';
import type { IdleMemoryCompactor } from '../upkeep/idleMemoryCompactor.ts';
import type { KeyTimes } from '../upkeep/keyTimes.ts';
import type { EditFloods } from '../tasks/pacing/editFloods.ts';
import type { IncludeLinker } from '../tasks/includeLinker.ts';
import type { LookupRunner, Shell } from '../tasks/lookupRunner.ts';
import type { Openings } from '../tasks/pacing/openings.ts';
import { loseText } from './didOpen.ts';
import { decodeEdit } from './documentParams.ts';

export interface ChangeHandling {
  readonly project: Project;
  readonly openings: Openings;
  readonly floods: EditFloods;
  readonly runner: LookupRunner;
  readonly linker: IncludeLinker;
  readonly disk: DiskFollower;
  readonly compactor: IdleMemoryCompactor;
  readonly keys: Pick<KeyTimes, 'edited' | 'forget'>;
  readonly shell: Shell;
}

/** `textDocument/didChange`. What is known of the new text is shown at once; the rest is asked when typing pauses. */
export function didChange(handling: ChangeHandling): (params: unknown) => void {
  const { project, openings, floods, compactor, keys, shell } = handling;
  return (params) => {
    const edit = decodeEdit(params);
    if (edit === undefined) {
      shell.log.warn('The editor changed a document without an address.');
      return;
    }
    const { uri, version, changes } = edit;
    const file = fileId(uri);
    keys.edited(uri);
    openings.finish(file);
    if (changes === undefined) {
      loseText(shell.log, project, file, `A change of ${uri} cannot be read, so its text is not known any more.`);
      return;
    }
    try {
      const delta = project.apply({ kind: 'edited', file, version, changes, waits: floods.isOn });
      if (delta.sameAgain === undefined) {
        compactor.stir();
      } else {
        compactor.keyTyped();
      }
      if (delta.later === 'turn') {
        floods.hold(file, () => shell.own('Working out edits', () => workOut(handling, file)));
        return;
      }
      if (delta.sameAgain === undefined) {
        floods.workedOut();
      }
      if (delta.show.length === 0 && delta.sameAgain === undefined) {
        keys.forget(uri);
      }
      followEdit(handling, file, delta);
    } catch (error) {
      project.apply({ kind: 'lost', file });
      throw error;
    }
  };
}

function workOut(handling: ChangeHandling, file: FileId): void {
  const { project, keys } = handling;
  try {
    const delta = project.apply({ kind: 'workedOut', file });
    if (delta.show.length === 0) {
      keys.forget(project.workspace.uriOf(file));
    }
    followEdit(handling, file, delta);
  } catch (error) {
    project.apply({ kind: 'lost', file });
    throw error;
  }
}

function followEdit(handling: ChangeHandling, file: FileId, delta: Delta): void {
  const { show, sameAgain, pause, link } = delta;
  const { runner, linker, disk, shell } = handling;
  const isShown = show.length > 0 || sameAgain !== undefined;
  const isPauseAwaited = pause.length > 0 || (isShown && !disk.watches);
  if (isPauseAwaited) {
    runner.whenTypingPauses(file, () => typingPaused(handling, file));
  }
  if (link) {
    shell.own('Following includes', () => linker.follow());
  }
}

function typingPaused({ project, runner, linker, disk, shell }: ChangeHandling, file: FileId): void {
  const { link } = project.apply({ kind: 'typingPaused', file });
  runner.askAfterTyping(file);
  if (!disk.watches) {
    shell.own('Looking at the disk again', () => disk.lookAround(file));
  } else if (link) {
    shell.own('Following includes', () => linker.follow());
  }
}
