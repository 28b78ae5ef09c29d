import {
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Command,
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  MessageType,
  type Range,
  ResponseError,
  ShowMessageNotification,
} from 'vscode-languageserver';
import { actionCommands, editorCommands, serverCommands } from '../../../../protocol/ids.ts';
import { codeActionsFor, fixAllKind, includesKind } from '../../features/actions/codeActions.ts';
import { fileId } from '../../project/fileId.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import { actionContext, type FixSession } from './fixes/actionContext.ts';
import type { ClientAbilities, CodeActionAbilities } from '../client/capabilities.ts';
import { spokenAction } from '../language/spokenAnswers.ts';
import type { Session } from '../session.ts';
import { signalOf } from '../client/signalOf.ts';

/** Enough to make the action again, and to see whether the file is still the one it was made for. */
interface ActionReference {
  readonly uri: string;
  readonly version: number | null;
  readonly range: Range;
  readonly title: string;
  /** The kind of the whole file's fix; absent for those of a place in it. */
  readonly kind?: typeof fixAllKind;
}

/** `textDocument/codeAction`. What an action needs from the package index is asked for when it is chosen, where the client can wait so. */
export function codeAction(
  session: FixSession & Pick<Session, 'words'>,
  abilities: ClientAbilities,
): (params: CodeActionParams, token: CancellationToken) => Promise<(CodeAction | Command)[] | ResponseError> {
  return async (params, token) => {
    const tracked = session.workspace.snapshot(fileId(params.textDocument.uri));
    const actions = tracked === undefined ? [] : await offered(session, tracked, params, abilities, token);
    return actions instanceof ResponseError ? actions : actions.map((one) => spokenAction(one, session.words));
  };
}

/** `codeAction/resolve`. */
export function codeActionResolve(
  connection: Connection,
  session: FixSession & Pick<Session, 'words'>,
  abilities: ClientAbilities,
): (action: CodeAction, token: CancellationToken) => Promise<CodeAction | ResponseError> {
  return async (action, token) => {
    if (action.edit !== undefined || action.data === undefined) {
      return action;
    }
    const made = await makeAgain(session, action.data, abilities.codeActions, token);
    if (made instanceof ResponseError) {
      return made;
    }
    return made.edit === undefined
      ? refused(connection, made.disabled?.reason)
      : { ...action, edit: spokenAction(made, session.words).edit ?? made.edit };
  };
}

/** For a client that takes commands only: makes the action again, and has the client apply its edit. */
export async function applyAction(
  connection: Connection,
  session: FixSession & Pick<Session, 'abilities' | 'applyEdit' | 'words'>,
  argument: unknown,
  token: CancellationToken,
): Promise<unknown> {
  const { abilities, applyEdit } = session;
  const made = await makeAgain(session, argument, abilities.codeActions, token);
  if (made instanceof ResponseError) {
    return made;
  }
  if (made.edit === undefined) {
    return refused(connection, made.disabled?.reason);
  }
  const { signal, dispose } = signalOf(token);
  try {
    const { title: label, edit = made.edit } = spokenAction(made, session.words);
    const params = { label, edit };
    return await applyEdit(params, { isPreviewed: false, signal });
  } finally {
    dispose();
  }
}

/** The user asked for it, so that it is said in a message: a client shows nothing of an edit that does not come. */
function refused(connection: Connection, reason = 'There is nothing to change there any more.'): ResponseError {
  void connection.sendNotification(ShowMessageNotification.type, {
    type: MessageType.Warning,
    message: `Pinwatch: ${reason}`,
  });
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}

async function offered(
  session: FixSession,
  tracked: FileSnapshot,
  { range, context: { diagnostics, triggerKind, ...context } }: CodeActionParams,
  { codeActions: abilities, editorCommands: hasCommands }: ClientAbilities,
  token: CancellationToken,
): Promise<(CodeAction | Command)[] | ResponseError> {
  const { id, uri, file } = tracked;
  const version = tracked.version ?? null;
  const only = (context.only as CodeActionParams['context']['only'] | null) ?? undefined;
  const quick = only === undefined || only.some((kind) => includesKind(kind, 'quickfix'));
  const canWait = quick && (abilities.resolvesEdits || !abilities.literals);
  const { signal, dispose } = signalOf(token);
  try {
    // Not with every move of the cursor.
    if (quick && triggerKind === CodeActionTriggerKind.Invoked) await session.raises.lookIntoLines(tracked, range);
    const context = await actionContext(session, tracked, {
      abilities,
      digests: canWait ? 'later' : 'now',
      ignoreCommand: hasCommands ? editorCommands.ignoreAdvisory : undefined,
      terminalCommand: hasCommands ? actionCommands.typeInTerminal : undefined,
      ...(quick ? { range } : {}),
      signal,
    });
    if (session.workspace.snapshot(id)?.file !== file) {
      return edited();
    }
    const actions = codeActionsFor(context, { range, diagnostics, ...(only === undefined ? {} : { only }) });
    return abilities.literals
      ? actions.map((action) => withAbilities(action, { uri, version, range, title: action.title }, abilities))
      : actions.flatMap((action) => {
          const kind = action.kind === fixAllKind ? ({ kind: fixAllKind } as const) : {};
          return asCommand(action, { uri, version, range, title: action.title, ...kind }, abilities);
        });
  } finally {
    dispose();
  }
}

function withAbilities(action: CodeAction, reference: ActionReference, { preferred }: CodeActionAbilities): CodeAction {
  const { isPreferred, ...rest } = action;
  const isOpen = action.edit === undefined && action.disabled === undefined && action.command === undefined;
  return {
    ...rest,
    ...(isPreferred !== undefined && preferred ? { isPreferred } : {}),
    ...(isOpen ? { data: reference } : {}),
  };
}

function asCommand(action: CodeAction, reference: ActionReference, { applyEdit }: CodeActionAbilities): Command[] {
  if (action.command !== undefined) {
    return [action.command];
  }
  return action.disabled !== undefined || !applyEdit
    ? []
    : [{ title: action.title, command: serverCommands.applyAction, arguments: [reference] }];
}

/** The action as it is with everything it needs. */
async function makeAgain(
  session: FixSession,
  argument: unknown,
  abilities: CodeActionAbilities,
  token: CancellationToken,
): Promise<CodeAction | ResponseError> {
  const reference = decodeReference(argument);
  if (reference === undefined) {
    return new ResponseError(ErrorCodes.InvalidParams, 'This is no code action of Pinwatch.');
  }
  const { uri, version, range, title, kind = 'quickfix' } = reference;
  const id = fileId(uri);
  const tracked = session.workspace.snapshot(id);
  if (tracked === undefined || (tracked.version ?? null) !== version) {
    return edited();
  }
  const { file } = tracked;
  const { signal, dispose } = signalOf(token);
  try {
    const context = await actionContext(session, tracked, {
      abilities: { ...abilities, disabledActions: true },
      digests: 'now',
      ...(kind === 'quickfix' ? { range } : {}),
      signal,
    });
    if (session.workspace.snapshot(id)?.file !== file) {
      return edited();
    }
    const actions = codeActionsFor(context, { range, diagnostics: [], only: [kind] });
    return actions.find((action) => action.title === title) ?? edited();
  } finally {
    dispose();
  }
}

function edited(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, 'The file was edited meanwhile.');
}

function decodeReference(value: unknown): ActionReference | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { uri, version, range, title, kind } = value as Partial<Record<keyof ActionReference, unknown>>;
  return typeof uri === 'string' &&
    (typeof version === 'number' || version === null) &&
    typeof title === 'string' &&
    isRange(range)
    ? { uri, version, range, title, ...(kind === fixAllKind ? { kind } : {}) }
    : undefined;
}

function isRange(value: unknown): value is Range {
  const { start, end } = (value ?? {}) as Partial<Record<'start' | 'end', unknown>>;
  return [start, end].every((place) => {
    const { line, character } = (place ?? {}) as Partial<Record<'line' | 'character', unknown>>;
    return Number.isInteger(line) && Number.isInteger(character);
  });
}
