import type { Settings } from '../../../protocol/settings.ts';
import { isPin } from '../core/assessment/lookup.ts';
import type { Pin } from '../core/assessment/pin.ts';
import type { LineState } from '../features/lineState.ts';
import { type LicenceLibrary, licenceRetryMs } from '../scan/licenceLibrary.ts';
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

  /** `landed`: more is known than before. */
  constructor(timers: Timers, scope: () => LicenceScope, landed: () => void) {
    this.#timers = timers;
    this.#scope = scope;
    this.#landed = landed;
  }

  /** A file is shown by these settings. */
  shown(settings: Settings): void {
    if (hasLicenceRules(settings)) {
      this.#askAfter(settings.debounceMilliseconds);
    }
  }

  dispose(): void {
    this.#closing.abort();
    this.#cancel?.();
  }

  #askAfter(delayMs: number): void {
    this.#cancel?.();
    this.#cancel = this.#timers.after(delayMs, () => {
      this.#cancel = undefined;
      void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    const { library, files } = this.#scope();
    const pins = files.flatMap(({ lines, settings }) => (hasLicenceRules(settings) ? pinsOf(lines) : []));
    const open = pins.filter((pin) => library?.isOpen(pin));
    if (library === undefined || open.length === 0) {
      return;
    }
    const { revision } = library;
    try {
      await library.ask(open, this.#closing.signal);
    } catch (error) {
      if (this.#closing.signal.aborted) {
        return;
      }
      throw error;
    }
    if (library.revision !== revision) {
      this.#landed();
    }
    // What failed; where nothing did, nothing will be open then.
    this.#askAfter(licenceRetryMs);
  }
}

function pinsOf(lines: readonly LineState[]): readonly Pin[] {
  return lines.flatMap(({ requirement: { subject } }) =>
    subject.kind === 'lookup' && isPin(subject.lookup) ? [subject.lookup] : [],
  );
}
