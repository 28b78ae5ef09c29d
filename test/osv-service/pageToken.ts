import { invalidArgument } from './apiError.ts';

/** Where a page starts. */
export interface Cursor {
  /** How many pages came before. The real one counts index rows; here it only makes each token another text. */
  readonly page: number;
  /** The last id answered; empty before the first. */
  readonly lastId: string;
}

/** What the server sends when time ran out before a query was even begun: "FIRST_PAGE_TOKEN" in base64. */
export const notStartedToken = 'RklSU1RfUEFHRV9UT0tFTg==';

export const start: Cursor = { page: 0, lastId: '' };

export function pageToken({ page, lastId }: Cursor): string {
  return `P:${Buffer.from(String(page)).toString('base64url')}:${Buffer.from(lastId).toString('base64url')}`;
}

/** Throws an `ApiError` for anything this service cannot have sent. */
export function parsePageToken(token: string): Cursor {
  if (token === '' || token === notStartedToken) return start;
  const [, page = '', lastId = ''] = /^P:([A-Za-z0-9_-]+):([A-Za-z0-9_-]*)$/.exec(token) ?? [];
  const cursor = {
    page: Number(Buffer.from(page, 'base64url').toString()),
    lastId: Buffer.from(lastId, 'base64url').toString(),
  };
  if (!Number.isInteger(cursor.page) || pageToken(cursor) !== token) throw invalidArgument('invalid cursor');
  return cursor;
}
