import { Uri } from 'vscode';
import type { Place } from '../../../../protocol/messages/place.ts';

/** What is to be ignored, as far as it is said already: the argument of the command. */
export interface IgnoreWish {
  /** Of the requirements file. */
  readonly uri: string;
  /** The one that is meant; absent where it is to be chosen from `ids`. */
  readonly id?: string;
  readonly ids?: readonly string[];
  readonly name?: string;
  readonly version?: string;
  /** Where a requirement is that has them, to say how bad each one is. */
  readonly at?: Place;
  /** With a reason nothing more is asked. */
  readonly reason?: string;
  /** A day, `2027-01-31`. */
  readonly until?: string;
}

/** What a code action, a row of the view or a keybinding hands over; `undefined` where it is none of these. */
export function decodeIgnoreWish(argument: unknown): (IgnoreWish & { readonly file: Uri }) | undefined {
  if (typeof argument !== 'object' || argument === null) {
    return undefined;
  }
  const { uri, id, ids, name, version, at, reason, until } = argument as Readonly<Record<string, unknown>>;
  const several = Array.isArray(ids) ? ids.filter((one) => typeof one === 'string') : [];
  if (typeof uri !== 'string' || (typeof id !== 'string' && several.length === 0)) {
    return undefined;
  }
  return {
    uri,
    file: Uri.parse(uri),
    ...(several.length === 0 ? {} : { ids: several }),
    ...placeAs(at),
    ...textAs('id', id),
    ...textAs('name', name),
    ...textAs('version', version),
    ...textAs('reason', reason),
    ...textAs('until', until),
  };
}

function placeAs(at: unknown): Pick<IgnoreWish, 'at'> {
  const { uri, line, character } = (at ?? {}) as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof line === 'number' && typeof character === 'number'
    ? { at: { uri, line, character } }
    : {};
}

function textAs<Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> {
  return typeof value === 'string' && value.trim() !== '' ? ({ [key]: value } as Record<Key, string>) : {};
}
