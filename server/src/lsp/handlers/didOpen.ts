import type { Log } from '../../engine/ports.ts';
import { type FileId, fileId } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { DiskFollower } from '../tasks/diskFollower.ts';
import type { EngineHolder } from '../tasks/engineHolder.ts';
import type { IncludeLinker } from '../tasks/includeLinker.ts';
import type { LockStore } from '../tasks/lockStore.ts';
import { isLarge } from '../../project/workspace/changes/opening.ts';
import type { ChangeOf } from '../../project/workspace/changes/change.ts';
import type { Openings } from '../tasks/pacing/openings.ts';
import type { Shell } from '../tasks/lookupRunner.ts';
import { fieldsOf, isVersion } from './documentParams.ts';

export interface OpenHandling {
  readonly project: Project;
  readonly engine: EngineHolder;
  readonly openings: Openings;
  readonly locks: LockStore;
  readonly linker: IncludeLinker;
  readonly disk: DiskFollower;
  readonly shell: Shell;
}

/** `textDocument/didOpen`. A document without a text is one whose text is not known, and says so. */
export function didOpen(handling: OpenHandling): (params: unknown) => void {
  const { project, engine, openings, shell } = handling;
  let isToConnect = false;
  /** Once for all documents that are opened by then. */
  const connectSoon = (): void => {
    if (isToConnect) return;
    isToConnect = true;
    shell.timers.after(connectAfterMs, () => {
      isToConnect = false;
      if (!shell.closing.aborted) engine.engine.preconnect();
    });
  };
  return (params) => {
    const { uri, languageId, version, text } = fieldsOf(fieldsOf(params)['textDocument']);
    if (typeof uri !== 'string') {
      shell.log.warn('The editor opened a document without an address.');
      return;
    }
    const file = fileId(uri);
    openings.finish(file);
    const opened: ChangeOf<'opened'> = {
      kind: 'opened',
      uri,
      languageId: typeof languageId === 'string' ? languageId : '',
      version: isVersion(version) ? version : 0,
      text: typeof text === 'string' ? text : '',
    };
    if (isLarge(opened.text)) {
      const ahead = project.workspace.opening(opened, opened.text, () => project.now());
      shell.timers.nextTurn(() => engine.engine.preconnect());
      openings.begin(file, ahead, () => {
        if (open(handling, file, { ...opened, ahead })) {
          // What it asks for is much, too, and takes a turn of its own.
          shell.timers.nextTurn(() => {
            if (project.workspace.tracked(file)?.version !== undefined) {
              shell.own('Checking a document', () => begin(handling, file));
            }
          });
        }
      });
    } else if (open(handling, file, opened)) {
      shell.own('Checking a document', () => begin(handling, file));
      // What is asked at once connects by itself. The others show what is stored first, and have a connection for the first key.
      connectSoon();
    }
    if (typeof text !== 'string') {
      loseText(shell.log, project, file, `The editor opened ${uri} without its text.`);
    }
  };
}

const connectAfterMs = 300;

/** Whether it is shown, and so to be checked. */
function open({ project, locks }: OpenHandling, file: FileId, opened: ChangeOf<'opened'>): boolean {
  const { show } = project.apply(opened);
  locks.lookAgain(file);
  return show.length > 0;
}

/** The editor has another text than we do, which each line says until it comes whole. */
export function loseText(log: Log, project: Project, file: FileId, why: string): void {
  log.warn(why);
  project.apply({ kind: 'lost', file });
}

async function begin({ linker, disk }: OpenHandling, file: FileId): Promise<void> {
  await linker.begin([file]);
  await (disk.watches ? disk.readIncludedAgain(file) : disk.lookAgain());
}
