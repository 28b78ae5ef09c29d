/** A message in the language of the user, its `{0}`, `{1}` … filled in: `vscode.l10n.t`, or a stand-in of a test. */
export type Translate = (message: string, ...values: readonly (string | number)[]) => string;

/** What is said in words and in the manner of the user's country. */
export interface Wording {
  readonly t: Translate;
  /** An RFC 3339 instant as a local time, with the date where it is not today. */
  readonly time: (instant: string) => string;
}
