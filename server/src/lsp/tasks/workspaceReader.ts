import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { Log } from '../../engine/ports.ts';
import type { EditedDocument } from '../../features/actions/workspaceEdit.ts';
import type { ReadText } from '../../project/workspace/changes/change.ts';
import { decodedId, type FileId, fileId, isAtOrInsideAny, isInside, isOnDisk } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import {
  missingInclude,
  mostIncluded,
  outsideInclude,
  tooManyIncludes,
  type UnreadInclude,
} from '../../project/reading/unreadInclude.ts';
import type { Files } from '../environment.ts';

/** Brings files of the disk into the workspace: named ones, those of the folders, and what files include. */
export class WorkspaceReader {
  readonly #project: Project;
  readonly #disk: Files;
  readonly #log: Log;

  constructor(project: Project, disk: Files, log: Log) {
    this.#project = project;
    this.#disk = disk;
    this.#log = log;
  }

  /** A file that is wanted for its own sake, or whose editor was closed; what cannot be read is said in the log. */
  async read(file: FileId, why: 'named' | 'found' | 'included' | 'closed'): Promise<readonly FileId[]> {
    const read = await this.#textOf(file);
    if ('error' in read && this.#project.workspace.tracked(file)?.version === undefined) {
      this.#log.warn(read.error);
    }
    return this.#project.apply({ kind: 'read', file, why, read }).taken;
  }

  /** Reads again those of the files that nobody has open; returns those that say something else now. What is gone is let go of. */
  async readAgain(files: readonly FileId[]): Promise<readonly FileId[]> {
    const { workspace } = this.#project;
    const taken: FileId[] = [];
    for (const file of files) {
      const edition = workspace.editionOf(file);
      if (edition === undefined || workspace.tracked(file)?.version !== undefined) {
        continue;
      }
      const read = await this.#textOf(file);
      taken.push(...this.#project.apply({ kind: 'readAgain', file, edition, read }).taken);
    }
    return taken;
  }

  /** Reads every requirements file of the workspace folders; what is gone is let go of. */
  async readAll(signal: AbortSignal): Promise<void> {
    const { workspace } = this.#project;
    const { folders, lastEdition: since } = workspace;
    const areStill = (): boolean => workspace.folders === folders;
    const found = new Set<FileId>();
    const unsearched: string[] = [];
    const skipped: { readonly uri: string; readonly reason: string }[] = [];
    let isComplete = false;
    this.#project.apply({ kind: 'mayBeReadable', places: undefined });
    this.#project.apply({ kind: 'searching' });
    try {
      for (const folder of folders) {
        const discovered = await this.#discover(folder, signal);
        discovered.files.forEach((id) => found.add(id));
        discovered.unread.forEach((message) => this.#log.warn(message));
        discovered.unread.forEach((one) => unsearched.push(one));
        discovered.skipped.forEach((one) => skipped.push(one));
      }
      for (const file of found) {
        if (areStill() && workspace.tracked(file)?.version === undefined) {
          await this.read(file, 'found');
        }
      }
      isComplete = areStill() && !signal.aborted;
    } finally {
      this.#project.apply({ kind: 'searched', since, found, unsearched, skipped, isComplete });
    }
  }

  /** Tries once more to read those that could not be read: at or below these places, or all; returns those that could. */
  async readUnread(places: readonly FileId[] | undefined): Promise<readonly FileId[]> {
    const taken: FileId[] = [];
    for (const file of this.#project.workspace.unreadAt(places)) {
      taken.push(...(await this.read(file, 'found')));
    }
    return taken;
  }

  /**
   * Reads those of the files that `readAll` would have read, had they been there, at or below these places, or anywhere, where
   * the whole workspace has been searched; returns them.
   */
  async readNew(places: readonly FileId[] | undefined, signal: AbortSignal): Promise<readonly FileId[]> {
    const { workspace } = this.#project;
    const unknown = places?.filter((id) => workspace.editionOf(id) === undefined);
    const among = unknown && new Set(unknown);
    const folders = workspace.wantsWholeWorkspace
      ? workspace.folders.filter((folder) => unknown?.some((id) => isInside(id, folder)) ?? true)
      : [];
    const taken: FileId[] = [];
    for (const folder of folders) {
      const { files } = await this.#discover(folder, signal);
      for (const file of files) {
        if ((among === undefined || isAtOrInsideAny(file, among)) && workspace.editionOf(file) === undefined) {
          taken.push(...(await this.read(file, 'found')));
        }
      }
    }
    return taken;
  }

  /** Reads what tracked files include and is not tracked yet, and what that includes; returns the files that it read. */
  async readIncluded(): Promise<readonly FileId[]> {
    const { workspace } = this.#project;
    const taken: FileId[] = [];
    // Each round reads what the one before named; every file once, so that cycles end.
    for (let missing = workspace.missing; missing.length > 0; missing = workspace.missing) {
      for (const file of missing) {
        const unread = await this.#whyNotIncluded(file);
        if (unread === undefined) {
          taken.push(...(await this.read(file, 'included')));
        } else {
          this.#project.apply({ kind: 'notRead', file, unread });
        }
      }
    }
    return taken;
  }

  /** Whether an included file may be read: it is tracked, or lies where includes are followed. */
  async mayRead(file: FileId): Promise<boolean> {
    return (
      this.#project.workspace.editionOf(file) !== undefined ||
      (await this.#disk.whereIs(file, this.#reachable(file))) === 'inside'
    );
  }

  /** A file for an edit, as it is this moment; `undefined` where it may not be read, or cannot be. */
  async readForEdit(file: FileId): Promise<EditedDocument | undefined> {
    const { workspace } = this.#project;
    const tracked = workspace.tracked(file);
    if (tracked?.version !== undefined) {
      return { uri: tracked.uri, version: tracked.version, file: tracked.file };
    }
    const read = (await this.mayRead(file)) ? await this.#textOf(file) : undefined;
    return read === undefined || 'error' in read
      ? undefined
      : { uri: workspace.uriOf(file), version: null, file: kindOfNamed(decodedId(file)).parse(read.text) };
  }

  async #whyNotIncluded(file: FileId): Promise<UnreadInclude | undefined> {
    if (this.#project.workspace.includedOnly >= mostIncluded) {
      return tooManyIncludes;
    }
    switch (await this.#disk.whereIs(file, this.#reachable(file))) {
      case 'inside':
      case 'unclear':
        return undefined;
      case 'outside':
        return outsideInclude;
      case 'missing':
        return missingInclude;
    }
  }

  async #discover(folder: FileId, signal: AbortSignal): Promise<Discovered> {
    const { filesInclude: include, filesExclude: exclude } = this.#project.workspace.settingsOf(folder);
    const { uris, unread, skipped = [] } = await this.#disk.discover(folder, { include, exclude, signal });
    return { files: uris.map(fileId), unread, skipped };
  }

  /** Where the user named a file that is in no workspace, any is. */
  #textOf(file: FileId): Promise<ReadText> {
    const folders = this.#reachable(file);
    return this.#disk.read(file, folders.length === 0 ? undefined : folders);
  }

  /** The folders a file may be read from: those of the workspace, else the ones of the files that include it. */
  #reachable(file: FileId): readonly FileId[] {
    const { workspace } = this.#project;
    const folders = workspace.folders.filter(isOnDisk);
    return folders.length > 0 ? folders : workspace.foldersOfIncluders(file);
  }
}

interface Discovered {
  readonly files: readonly FileId[];
  readonly unread: readonly string[];
  readonly skipped: readonly { readonly uri: string; readonly reason: string }[];
}
