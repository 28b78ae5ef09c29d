import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { DatabaseResult } from '../../../../../protocol/messages/database.ts';
import { plainText } from '../../../core/text/plainText.ts';
import type { ImportSummary } from '../../../engine/offline/advisoryDatabase.ts';

/** What became of a wish about the local advisory database. */
export type DatabaseOutcome =
  | { readonly kind: 'done'; readonly summary: ImportSummary }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

// The rest is more than anybody reads in a message.
const mostProblemsTold = 20;

export function databaseResult({ written, older, problems, setAside, status }: ImportSummary): DatabaseResult {
  return {
    written,
    older,
    problems: {
      count: problems.length,
      first: problems.slice(0, mostProblemsTold).map(({ where, message }) => plainText(`${where} ${message}`, 300)),
    },
    setAside: setAside ?? null,
    database: {
      path: status.path,
      records: status.records,
      packages: status.packages,
      currentAt: status.currentAt === 0 ? null : new Date(status.currentAt).toISOString(),
    },
  };
}

export function databaseFailure(outcome: Exclude<DatabaseOutcome, { readonly kind: 'done' }>): ResponseError<void> {
  return outcome.kind === 'cancelled'
    ? new ResponseError(LSPErrorCodes.RequestCancelled, 'The change of the database was cancelled.')
    : new ResponseError(LSPErrorCodes.RequestFailed, plainText(outcome.message, 1_000));
}
