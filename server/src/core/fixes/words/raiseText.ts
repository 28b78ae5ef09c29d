import type { Raise } from '../../assessment/advice/raise.ts';
import type { Compiled } from '../../manifests/compiled.ts';
import { listText, plainText, sentence } from '../../text/plainText.ts';
import { boundText, overrideText } from './constraintText.ts';
import { compilesWithUpgrades } from './compiledText.ts';

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
  /** Whether a manifest declares that package. */
  readonly isDeclared: (name: string) => boolean;
}

/** What to do so that a package that comes with others gets a safe version, in sentences for people. */
export function raiseText(raise: Raise, where: RaisedWhere): string {
  const { name, nearest, compiled } = where;
  const kind = compiled?.tool ?? where.kind;
  switch (raise.kind) {
    case 'none':
      return `All that ask for it allow ${which(raise.allows, 'that', where)}. ${againText([name], where)}`;
    case 'raise': {
      const release = `${plainText(raise.name, 60)} ${plainText(raise.version, 40)}`;
      const what = `${release} is the nearest version that allows ${which(raise.allows, 'it', where)}.`;
      const first = where.isDeclared(raise.name) ? `${placeText(where)} ` : '';
      return `${what} ${first}${againText([...raise.along, name], where)}`;
    }
    case 'barred':
      return joined(`No single release lets it have a safe version: ${raise.why}.`, overrideText(kind, name, nearest));
    case 'unknown':
      return joined(
        againText([name], where),
        `It is not known whether something has to be raised first: ${plainText(raise.why, 200)}.`,
        boundText(kind, name, nearest),
      );
  }
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
