import { fieldsOf, isPosition } from './documentParams.ts';

/** What the params of a request have to be about, besides being an object. */
export interface ParamsShape {
  readonly of?: 'document' | 'place' | 'range' | 'actions' | 'command';
}

/** Whether what a client sends has that. Anybody may be the client, so that the types of the library say nothing. */
export function fitsShape(params: unknown, { of }: ParamsShape): boolean {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return false;
  const { textDocument, position, range, context, command } = fieldsOf(params);
  switch (of) {
    case undefined:
      return true;
    case 'command':
      return typeof command === 'string';
    case 'document':
      return isDocument(textDocument);
    case 'place':
      return isDocument(textDocument) && isPosition(position);
    case 'range':
      return isDocument(textDocument) && isRange(range);
    case 'actions': {
      const { diagnostics, only } = fieldsOf(context);
      // Some clients write `null` for what they leave out.
      return isDocument(textDocument) && isRange(range) && Array.isArray(diagnostics) && areTexts(only ?? []);
    }
  }
}

function isRange(value: unknown): boolean {
  const { start, end } = fieldsOf(value);
  return isPosition(start) && isPosition(end);
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isDocument(value: unknown): boolean {
  return typeof fieldsOf(value)['uri'] === 'string';
}
