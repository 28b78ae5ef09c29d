import { rangeOf } from '../../core/manifests/places.ts';
import type { FilePart } from '../../core/manifests/includeGraph.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import type { Include } from '../../core/manifests/requirement.ts';
import { shownText } from '../../core/manifests/shownText.ts';
import type { Range } from '../../core/text/position.ts';
import { plainText } from '../../core/text/plainText.ts';
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
  /** The part of the file that it is for, where that is installed apart from others. */
  readonly part?: FilePart;
  /** It is read where a program runs later: that it is not here says nothing against it. */
  readonly isLoose?: true;
  /** Where it may be besides, the most likely place first: what an image is built in may be a folder farther up. */
  readonly others: readonly string[];
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
      ...partOf(include),
      others: include.isLoose === true ? fartherUp(target.text) : none,
    };
    return isRemote(target.text) ? { ...line, unread: remoteInclude } : line;
  });
}

/** The commands of an image or a notebook follow each other in one environment. */
function partOf({ scope, when }: Include): { readonly part?: FilePart } {
  if (scope === undefined || /^(?:run|cell)$/u.test(scope)) return {};
  return { part: { scope, ...(when !== undefined && { when }) } };
}

function fartherUp(target: string): readonly string[] {
  const isBelow = !/^(?:[\\/~]|[a-z]+:)|(?:^|[\\/])\.\.(?:[\\/]|$)/iu.test(target);
  return isBelow ? Array.from({ length: mostLevels }, (_, index) => '../'.repeat(index + 1) + target) : none;
}

const none: readonly string[] = [];

// Dockerfiles are not deeper than that below the folder they are built in.
const mostLevels = 6;

/** As pip decides it: no other scheme but these and `file:` makes an address of a name. */
function isRemote(target: string): boolean {
  return /^https?:/iu.test(target);
}
