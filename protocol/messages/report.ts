/** Client to server, a request: the report on every requirements file of the workspace. */
export const reportMethod = 'pinwatch/report';

export interface ReportParams {
  /** The id of one of `ServerOffers.reportFormats`, or `reportPageFormat`. */
  readonly format: string;
}

/** Markdown for the editor's own preview: its places are links, as paths from the first workspace folder. */
export const reportPageFormat = 'page';

export interface ReportResult {
  readonly text: string;
}
