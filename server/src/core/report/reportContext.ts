/** What a report says about its own making. Handed in, so that the same scan gives the same text. */
export interface ReportContext {
  readonly tool: { readonly name: string; readonly version: string };
  /** When the scan ended, in ISO 8601. */
  readonly time: string;
  /** A path as it is below the root of its repository; as it is where absent. */
  readonly below?: (path: string) => string;
}
