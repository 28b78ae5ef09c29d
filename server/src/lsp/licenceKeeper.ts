import type { Settings } from '../../../protocol/settings.ts';
import { isPin } from '../core/assessment/lookup.ts';
import type { Pin } from '../core/assessment/pin.ts';
import type { LineState } from '../features/lineState.ts';
import { type LicenceLibrary, licenceRetryMs } from '../engine/index/licenceLibrary.ts';
import type { Timers } from './environment.ts';
import { hasLicenceRules } from './policies.ts';

export interface LicenceScope {
  readonly library: LicenceLibrary | undefined;
  readonly files: readonly { readonly lines: readonly LineState[]; readonly settings: Settings }[];
}

/** Asks for the licences of the pins that are shown, where rules are about them; after a pause, since people type. */
export class LicenceKeeper {
  readonly #timers: Timers;
  readonly #scope: () => LicenceScope;
  readonly #landed: () => void;
  readonly #closing = new AbortController();
  #cancel: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #asking: Promise<void> = Promise.resolve();

  /** `landed`: more is known than before. */
  constructor(timers: Timers, scope: () => LicenceScope, landed: () => void) {
    this.#timers = timers;
    this.#scope = scope;
    this.#landed = landed;
  }

  /** A file is shown by these settings. */
  shown(settings: Settings): void {
    if (hasLicenceRules(settings)) {
      this.#cancel?.();
      this.#cancel = this.#timers.after(settings.debounceMilliseconds, () => this.#askInTurn());
    }
  }

  dispose(): void {
    this.#closing.abort();
    this.#cancel?.();
    this.#cancelRetry?.();
  }

  /** One after the other: what is being asked is open still, and is not to be asked a second time. */
  #askInTurn(): void {
    this.#asking = this.#asking.then(() => this.#ask());
  }

  async #ask(): Promise<void> {
    const { library, files } = this.#scope();
    const pins = files.flatMap(({ lines, settings }) => (hasLicenceRules(settings) ? pinsOf(lines) : []));
    const open = pins.filter((pin) => library?.isOpen(pin));
    if (library === undefined || open.length === 0) {
      return;
    }
    const { revision } = library;
    const { signal } = this.#closing;
    await library.ask(open, signal).catch((error: unknown) => {
      if (!signal.aborted) {
        throw error;
      }
    });
    if (signal.aborted) {
      return;
    }
    if (library.revision !== revision) {
      this.#landed();
    }
    // What failed; where nothing did, nothing will be open then.
    this.#cancelRetry?.();
    this.#cancelRetry = this.#timers.after(licenceRetryMs, () => this.#askInTurn());
  }
}

function pinsOf(lines: readonly LineState[]): readonly Pin[] {
  return lines.flatMap(({ requirement: { subject } }) =>
    subject.kind === 'lookup' && isPin(subject.lookup) ? [subject.lookup] : [],
  );
}
