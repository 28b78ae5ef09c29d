import type { HttpAnswer } from './httpClient.ts';

/** An answer other than 200. */
export class HttpStatusError extends Error {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Where a redirect leads to. */
  readonly location: string | undefined;

  constructor(status: number, retryAfter: string | undefined, body: string, location?: string) {
    super(`HTTP ${status}: ${body.slice(0, 200)}`);
    this.name = 'HttpStatusError';
    this.status = status;
    this.retryAfter = retryAfter;
    this.location = location;
  }
}

/** The body of a 200; throws an `HttpStatusError` for any other answer. */
export function textOf({ status, retryAfter, location, text }: HttpAnswer): string {
  if (status !== 200) {
    throw new HttpStatusError(status, retryAfter, text, location);
  }
  return text;
}
