/**
 * The language that people read. What is compared, stored, logged or written into a report stays English; the editor puts it
 * into words of the reader's language at the very end.
 */
export interface Words {
  /** A message, its `{0}`, `{1}` … filled in. The message is a literal, so that a test finds all of them. */
  readonly t: (message: string, ...values: readonly (string | number)[]) => string;
  /**
   * Sentences that were made in English elsewhere: why something failed, was skipped or cannot be fixed, or what is wrong with
   * a line. They are recognised by their form; what is not known stays as it is.
   */
  readonly said: (text: string) => string;
  /** The same for a few words of ours: "high 7.5", "3 days old", "1.0 up to before 2.0". */
  readonly part: (text: string) => string;
}

export const english: Words = Object.freeze({ t: filled, said: unchanged, part: unchanged });

/** `{0}` is the first value. */
export function filled(message: string, ...values: readonly (string | number)[]): string {
  return values.length === 0
    ? message
    : message.replaceAll(/\{(\d)\}/gu, (_all, index: string) => String(values[Number(index)] ?? ''));
}

function unchanged(text: string): string {
  return text;
}
