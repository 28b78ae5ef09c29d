import { rangeOf } from '../core/manifests/places.ts';
import type { Manifest } from '../core/manifests/manifest.ts';
import { shownText } from '../core/manifests/shownText.ts';
import type { Range } from '../core/text/position.ts';
import { plainText } from '../core/text/plainText.ts';
import { type UnreadInclude, remoteInclude } from './unreadInclude.ts';

/** One `-r` or `-c` line of a file. */
export interface IncludeLine {
  readonly kind: 'include' | 'constraint';
  /** The file that it names, as written. */
  readonly target: string;
  /** The same for people: without secrets. */
  readonly shown: string;
  /** Where it is named. */
  readonly range: Range;
  /** Why it is followed nowhere. */
  readonly unread?: UnreadInclude;
  /** It is read where a program runs later: that it is not here says nothing against it. */
  readonly isLoose?: true;
}

/** In the order of the file. */
export function includesOf(file: Manifest): readonly IncludeLine[] {
  return file.includes.map((include) => {
    const { index, kind, target } = include;
    const line = {
      kind,
      target: target.text,
      shown: plainText(shownText(include, target)),
      range: rangeOf(file, index, target.span),
      ...(include.isLoose && { isLoose: true as const }),
    };
    return isRemote(target.text) ? { ...line, unread: remoteInclude } : line;
  });
}

/** As pip decides it: no other scheme but these and `file:` makes an address of a name. */
function isRemote(target: string): boolean {
  return /^https?:/iu.test(target);
}
