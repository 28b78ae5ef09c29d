import {
  ApplyWorkspaceEditRequest,
  type ApplyWorkspaceEditParams,
  type Connection,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { askClient } from './askClient.ts';
import type { Timers } from '../environment.ts';

/** Has the client make an edit; whether it did. An edit that it refuses, or never answers for, is an error for people. */
export type ApplyEdit = (
  params: ApplyWorkspaceEditParams,
  options: {
    /** The user looks at it first. */
    readonly isPreviewed: boolean;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly applied: boolean; readonly failureReason?: string }>;

// A person reads a preview for as long as they like.
const limitMs = { atOnce: 60_000, previewed: 30 * 60_000 };

export function editApplier(connection: Connection, timers: Timers): ApplyEdit {
  return async (params, { isPreviewed, signal }) => {
    try {
      const answer: unknown = await askClient<unknown>({
        what: 'whether it made the edit',
        limitMs: isPreviewed ? limitMs.previewed : limitMs.atOnce,
        timers,
        signal,
        send: (token) => connection.sendRequest(ApplyWorkspaceEditRequest.type, params, token),
      });
      const { applied, failureReason } = (answer ?? {}) as Readonly<Record<string, unknown>>;
      return { applied: applied === true, ...(typeof failureReason === 'string' ? { failureReason } : {}) };
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new ResponseError(LSPErrorCodes.RequestFailed, `The edit was not made: ${why}`);
    }
  };
}
