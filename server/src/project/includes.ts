import { rangeOf } from '../core/manifests/pip/places.ts';
import type { RequirementsFile } from '../core/manifests/pip/model.ts';
import { shownText } from '../core/manifests/pip/shownText.ts';
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
}

/** In the order of the file. */
export function includesOf(file: RequirementsFile): readonly IncludeLine[] {
  return file.items.flatMap((item, index) => {
    if (item.kind !== 'include' && item.kind !== 'constraint') {
      return [];
    }
    const { kind, target } = item;
    const line = {
      kind,
      target: target.text,
      shown: plainText(shownText(item, target)),
      range: rangeOf(file, index, target.span),
    };
    return [isRemote(target.text) ? { ...line, unread: remoteInclude } : line];
  });
}

/** As pip decides it: no other scheme but these and `file:` makes an address of a name. */
function isRemote(target: string): boolean {
  return /^https?:/iu.test(target);
}
