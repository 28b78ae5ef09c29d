import { haveSameEntries } from '../../core/text/carryOver.ts';
import type { Connection } from 'vscode-languageserver';
import { findingsMethod } from '../../../../protocol/messages/findings.ts';
import { type FileFindings, fileFindings, findingsFigures } from '../../features/findings.ts';
import type { LineState } from '../../project/workspace/lineState.ts';
import type { Timers } from '../environment.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { DeltaTaker } from '../../project/workspace/project.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { DataAge } from './dataAge.ts';

// A list beside the text may lag behind it; while a workspace is scanned it would otherwise be drawn hundreds of times.
const pauseMs = 200;

/** Tells the client of all findings, once for all the changes of a moment, and only where they differ. */
export class FindingsFeed implements DeltaTaker {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #workspace: Workspace;
  readonly #age: DataAge;
  #cancel: (() => void) | undefined;
  #last: Last = { figures: '', parts: new Map() };

  constructor(connection: Connection, timers: Timers, workspace: Workspace, age: DataAge) {
    this.#connection = connection;
    this.#timers = timers;
    this.#workspace = workspace;
    this.#age = age;
  }

  take(): void {
    this.#cancel ??= this.#timers.after(pauseMs, () => {
      this.#cancel = undefined;
      this.#tell();
    });
  }

  dispose(): void {
    this.#cancel?.();
  }

  /** What no file says otherwise is neither made nor compared again: most keys change nothing, and files may be many. */
  #tell(): void {
    const { selected: files, hasWholeWorkspace: workspace, unread } = this.#workspace;
    const made = new Map(files.map((file) => [file.uri, this.#partOf(file)]));
    const parts = [...made.values()].map(({ part }) => part);
    const figures = findingsFigures(files, parts, { workspace, unread: unread.length }, this.#age.now());
    const text = JSON.stringify(figures);
    const before = [...this.#last.parts.values()].map(({ part }) => part);
    const isSame = text === this.#last.figures && haveSameEntries(parts, before);
    this.#last = { figures: text, parts: made };
    if (!isSame) {
      const vulnerable = parts.flatMap((part) => part.vulnerable);
      const failed = parts.flatMap((part) => part.failed);
      const ignoredAt = parts.flatMap((part) => part.ignoredAt);
      void this.#connection.sendNotification(findingsMethod, { ...figures, vulnerable, failed, ignoredAt });
    }
  }

  #partOf({ uri, lines, countsComing }: FileSnapshot): MadePart {
    const before = this.#last.parts.get(uri);
    if (before?.lines === lines && before.countsComing === countsComing) {
      return before;
    }
    const part = fileFindings(uri, lines, countsComing);
    const isSame = before !== undefined && JSON.stringify(before.part) === JSON.stringify(part);
    return { lines, countsComing, part: isSame ? before.part : part };
  }
}

/** What was told last. */
interface Last {
  readonly figures: string;
  /** By the URI of the file. */
  readonly parts: ReadonlyMap<string, MadePart>;
}

interface MadePart {
  /** What it was made from. */
  readonly lines: readonly LineState[];
  readonly countsComing: boolean;
  readonly part: FileFindings;
}
