import type { Problem } from './model.ts';
import { spanOf, type SourceText } from './sourceText.ts';

/** Why a text could not be read, in offsets of that text. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly incomplete?: boolean;
}

export function isFault(value: object): value is Fault {
  return 'message' in value;
}

export function toProblem(fault: Fault, source: SourceText): Problem {
  const { code, message } = fault;
  const span = spanOf(source, fault.start, fault.end);
  return fault.incomplete === true ? { span, message, code, incomplete: true } : { span, message, code };
}
