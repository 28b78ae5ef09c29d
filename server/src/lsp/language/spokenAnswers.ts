import { type CodeAction, Command, ResponseError } from 'vscode-languageserver';
import type { FixAllResult } from '../../../../protocol/messages/fixAll.ts';
import type { Health } from '../../../../protocol/messages/figures/health.ts';
import type { Words } from '../../core/words/words.ts';

// Answers to requests, with what a person reads of them in that person's language.

export function spokenAction<A extends CodeAction | Command>(action: A, { said }: Words): A {
  if (Command.is(action)) {
    return { ...action, title: said(action.title) };
  }
  const { title, disabled, command, edit } = action;
  return {
    ...action,
    title: said(title),
    ...(disabled === undefined ? {} : { disabled: { reason: said(disabled.reason) } }),
    ...(command === undefined ? {} : { command: { ...command, title: said(command.title) } }),
    ...(edit?.changeAnnotations === undefined ? {} : { edit: spokenEdit(edit, said) }),
  };
}

type Edit = NonNullable<CodeAction['edit']>;

/** The labels that a preview shows. */
export function spokenEdit(edit: Edit, said: Words['said']): Edit {
  return {
    ...edit,
    changeAnnotations: Object.fromEntries(
      Object.entries(edit.changeAnnotations ?? {}).map(([id, one]) => [id, { ...one, label: said(one.label) }]),
    ),
  };
}

export function spokenFix(result: FixAllResult | ResponseError, { said }: Words): FixAllResult | ResponseError {
  return result instanceof ResponseError
    ? result
    : { ...result, left: result.left.map((one) => ({ ...one, reason: said(one.reason) })) };
}

export function spokenHealth(health: Health, { said }: Words): Health {
  const components = Object.fromEntries(
    Object.entries(health.components).map(([name, { message, advice, ...one }]) => [
      name,
      {
        ...one,
        ...(message === undefined ? {} : { message: said(message) }),
        ...(advice === undefined ? {} : { advice: said(advice) }),
      },
    ]),
  ) as unknown as Health['components'];
  return { ...health, components };
}

export function spokenError(error: ResponseError, { said }: Words): ResponseError {
  return new ResponseError(error.code, said(error.message), error.data);
}
