import type { Paint } from './paint.ts';

/** What a report says about its own making. Handed in, so that the same scan gives the same text. */
export interface ReportContext {
  readonly tool: { readonly name: string; readonly version: string };
  /** When the scan ended, in ISO 8601. */
  readonly time: string;
  /** For a terminal that shows colours; no colours where absent. Formats for programs have none. */
  readonly paint?: Paint;
  /** A path as it is below the root of its repository; as it is where absent. */
  readonly below?: (path: string) => string;
}
