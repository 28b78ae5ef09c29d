import type { Raise, RaiseAdvice } from '../../assessment/advice/raise.ts';
import type { Compiled } from '../../manifests/compiled.ts';
import { listText, plainText, sentence } from '../../text/plainText.ts';
import { boundText, overrideText } from './constraintText.ts';
import { compilesWithUpgrades, limitedText } from './compiledText.ts';

/** A vulnerable package that comes with others, and where it stands. */
export interface RaisedWhere {
  readonly name: string;
  /** Its nearest safe version. */
  readonly nearest: string;
  /** The id of the kind of file. */
  readonly kind: string;
  /** The command that makes the lock again with other versions of packages; absent where it is none. */
  readonly again?: ((...names: readonly string[]) => string) | undefined;
  /** Of a compiled file. */
  readonly compiled?: Pick<Compiled, 'tool' | 'sources'> | undefined;
  /** Constraints files that limit it, or what is to be raised, and that were not read. */
  readonly limitedBy?: readonly string[];
  /** Whether a manifest declares that package. */
  readonly isDeclared: (name: string) => boolean;
}

/** What to do so that a package that comes with others gets a safe version, in sentences for people. */
export function raiseAdvice(raise: Raise, where: RaisedWhere): RaiseAdvice {
  const limits = raise.kind === 'barred' ? undefined : limitedText(where.limitedBy ?? []);
  if (raise.kind !== 'unknown') return { raise, text: joined(knownText(raise, where), limits) };
  const doubt = doubtText(raise.why, where);
  return { raise, text: joined(againText([where.name], where), doubt, limits), doubt };
}

function knownText(raise: Exclude<Raise, { kind: 'unknown' }>, where: RaisedWhere): string {
  const { name, nearest } = where;
  switch (raise.kind) {
    case 'none':
      return `All that ask for it allow ${which(raise.allows, 'that', where)}. ${againText([name], where)}`;
    case 'raise': {
      const release = `${plainText(raise.name, 60)} ${plainText(raise.version, 40)}`;
      const what = `${release} is the nearest version that allows ${which(raise.allows, 'it', where)}.`;
      const first = where.isDeclared(raise.name) ? `${placeText(where)} ` : '';
      return `${what} ${first}${againText([...raise.along, name], where)}`;
    }
    case 'barred': {
      const why = `No single release lets it have a safe version: ${plainText(raise.why, 300)}.`;
      return joined(why, overrideText(styleOf(where), name, nearest));
    }
  }
}

function doubtText(why: string, where: RaisedWhere): string {
  return joined(unknownText(why), boundText(styleOf(where), where.name, where.nearest));
}

/** The same for all packages that it is true of. */
export function unknownText(why: string): string {
  return `It is not known whether something has to be raised first: ${plainText(why, 300)}.`;
}

/** Whose way of limits it is. */
function styleOf({ kind, compiled }: RaisedWhere): string {
  return compiled?.tool ?? kind;
}

function which(allows: string, usual: string, { nearest }: RaisedWhere): string {
  return allows === nearest ? usual : plainText(allows, 40);
}

function placeText({ compiled }: RaisedWhere): string {
  const sources = compiled?.sources ?? [];
  return sources.length === 0 ? 'Raise it.' : `Raise it in ${plainText(listText(sources, 3), 100)}.`;
}

function againText(names: readonly string[], { again, compiled }: RaisedWhere): string {
  if (again !== undefined) return sentence(`Run: ${plainText(again(...names), 200)}`);
  return compiled !== undefined && compilesWithUpgrades(compiled.tool)
    ? sentence(`Compile again with ${names.map((name) => `--upgrade-package ${plainText(name, 60)}`).join(' ')}`)
    : 'Compile again.';
}

function joined(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((one) => one !== undefined).join(' ');
}
