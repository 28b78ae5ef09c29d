import type { Connection } from 'vscode-languageserver';
import { findingsMethod } from '../../../protocol/messages.ts';
import { findingsOf } from '../features/findings.ts';
import type { AgeContext } from '../features/lineCoverage.ts';
import type { Timers } from './environment.ts';
import type { TrackedFile } from './trackedFile.ts';

// A list beside the text may lag behind it; while a workspace is scanned it would otherwise be drawn hundreds of times.
const pauseMs = 200;

type Read = () => { readonly files: readonly TrackedFile[]; readonly workspace: boolean; readonly age: AgeContext };

/** Tells the client of all findings, once for all the changes of a moment, and only where they differ. */
export class FindingsFeed {
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #read: Read;
  #cancel: (() => void) | undefined;
  #last = '';

  constructor(connection: Connection, timers: Timers, read: Read) {
    this.#connection = connection;
    this.#timers = timers;
    this.#read = read;
  }

  changed(): void {
    this.#cancel ??= this.#timers.after(pauseMs, () => {
      this.#cancel = undefined;
      const { files, workspace, age } = this.#read();
      const findings = findingsOf(files, workspace, age);
      const text = JSON.stringify(findings);
      if (text !== this.#last) {
        this.#last = text;
        void this.#connection.sendNotification(findingsMethod, findings);
      }
    });
  }

  dispose(): void {
    this.#cancel?.();
  }
}
