/** Who was asked. */
export type ReportSource =
  | { readonly kind: 'osv'; readonly url: string }
  /** `dataAge` in whole seconds; absent where it is not known. */
  | { readonly kind: 'database'; readonly dataAge?: number };
