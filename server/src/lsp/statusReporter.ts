import type { Connection } from 'vscode-languageserver';
import { statusMethod } from '../../../protocol/messages.ts';
import { type StatusInput, statusOf } from './status.ts';

/** Tells the client the status when it differs from what was told last. */
export class StatusReporter {
  readonly #connection: Connection;
  #last = '';

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  report(input: StatusInput): void {
    const status = statusOf(input);
    const text = JSON.stringify(status);
    if (text !== this.#last) {
      this.#last = text;
      void this.#connection.sendNotification(statusMethod, status);
    }
  }
}
