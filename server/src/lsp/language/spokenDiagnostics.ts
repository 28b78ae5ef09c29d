import type { Diagnostic } from 'vscode-languageserver';
import type { Words } from '../../core/words/words.ts';

/** Diagnostics in the reader's language. One that stays is put into words once. */
export class SpokenDiagnostics {
  readonly #said: Words['said'];
  readonly #known = new WeakMap<Diagnostic, Diagnostic>();

  constructor({ said }: Words) {
    this.#said = said;
  }

  of(diagnostics: readonly Diagnostic[]): Diagnostic[] {
    return diagnostics.map((diagnostic) => {
      const spoken = this.#known.get(diagnostic) ?? this.#speak(diagnostic);
      this.#known.set(diagnostic, spoken);
      return spoken;
    });
  }

  #speak(diagnostic: Diagnostic): Diagnostic {
    const { message, relatedInformation } = diagnostic;
    return {
      ...diagnostic,
      message: typeof message === 'string' ? this.#said(message) : message,
      ...(relatedInformation === undefined
        ? {}
        : { relatedInformation: relatedInformation.map((one) => ({ ...one, message: this.#said(one.message) })) }),
    };
  }
}
