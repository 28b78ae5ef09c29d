import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  InlayHintRefreshRequest,
} from 'vscode-languageserver';
import type { Delta } from '../../project/workspace/changes/change.ts';
import type { DeltaTaker } from '../../project/workspace/project.ts';
import { askClient } from '../client/askClient.ts';
import type { ClientAbilities } from '../client/capabilities.ts';
import type { Timers } from '../environment.ts';

// Answers of several files land close together; one request then serves them all.
const gatherMs = 100;
const refreshLimitMs = 30_000;

type RefreshAbilities = Pick<ClientAbilities, 'refreshesHints' | 'refreshesLenses'>;

/** Has the client ask again for what it drew before answers landed; many landings make one request. */
export class Refresher implements DeltaTaker {
  readonly #timers: Timers;
  readonly #connection: Connection;
  readonly #abilities: RefreshAbilities;
  #cancel: (() => void) | undefined;

  constructor(connection: Connection, timers: Timers, abilities: RefreshAbilities) {
    this.#connection = connection;
    this.#timers = timers;
    this.#abilities = abilities;
  }

  take({ redraw }: Delta): void {
    const { refreshesHints, refreshesLenses } = this.#abilities;
    if (!redraw || !(refreshesHints || refreshesLenses)) {
      return;
    }
    this.#cancel ??= this.#timers.after(gatherMs, () => {
      this.#cancel = undefined;
      this.#ask();
    });
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** It is answered at once, by clients that can; nothing waits for it. */
  #ask(): void {
    const { refreshesHints, refreshesLenses } = this.#abilities;
    if (refreshesHints) {
      this.#refresh((token) => this.#connection.sendRequest(InlayHintRefreshRequest.type, token));
    }
    if (refreshesLenses) {
      this.#refresh((token) => this.#connection.sendRequest(CodeLensRefreshRequest.type, token));
    }
  }

  #refresh(send: (token: CancellationToken) => Promise<void>): void {
    const what = 'whether it refreshed the lenses and hints';
    askClient({ what, limitMs: refreshLimitMs, timers: this.#timers, send }).catch((error: unknown) =>
      this.#connection.console.log(`The client did not refresh lenses and hints: ${String(error)}`),
    );
  }
}
