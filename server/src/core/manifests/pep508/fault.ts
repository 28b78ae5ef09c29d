import type { Span } from '../../text/position.ts';
import type { Problem } from '../requirement.ts';
import { spanOf, type SourceText } from '../../text/sourceText.ts';

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
  const span = visibleSpan(source, fault.start, fault.end);
  return fault.incomplete === true ? { span, message, code, incomplete: true } : { span, message, code };
}

/** A place without a character could not be underlined: then the next one is taken, at the end the last. */
function visibleSpan(source: SourceText, start: number, end: number): Span {
  if (end > start) return spanOf(source, start, end);
  return start < source.text.length ? spanOf(source, start, start + 1) : spanOf(source, Math.max(0, start - 1), start);
}
