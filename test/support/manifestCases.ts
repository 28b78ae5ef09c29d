import fs from 'node:fs';
import path from 'node:path';

/** A small file of our own, and what an independent reading says is in it: a line for each item and each problem. */
export interface ManifestCase {
  readonly title: string;
  readonly path: string;
  readonly text: string;
  readonly said: readonly string[];
}

export const casesFolder = path.resolve(import.meta.dirname, '../unit/core/manifests/cases');

export const caseFiles: readonly string[] = fs.readdirSync(casesFolder).filter((name) => name.endsWith('.cases'));

/** The cases of a file; `manifestReading.py` says how it is written. */
export function casesIn(name: string): readonly ManifestCase[] {
  const whole = fs.readFileSync(path.join(casesFolder, name), 'utf8').replaceAll('\r\n', '\n');
  const [head = '', ...parts] = whole.split(/^@@ /mu);
  const usual = /^path: (\S+)/u.exec(head)?.[1] ?? '';
  return parts.map((part) => {
    const [, title = '', text = '', said = ''] = /^([^\n]*)\n(.*?)@@>\n(.*)$/su.exec(part) ?? [];
    const own = / \((\S+\.\S+|Dockerfile\S*|Containerfile)\)$/u.exec(title)?.[1];
    return { title, path: own ?? usual, text, said: said.split('\n').filter((line) => line !== '') };
  });
}

interface Parsed {
  readonly items: readonly object[];
  readonly problems?: readonly object[];
}

/** What `pinwatch parse` says of a file, as the lines of the cases. */
export function linesOf({ items, problems = [] }: Parsed, withPlaces = true): readonly string[] {
  const lines = [
    ...items.map((item) => lineOf(item as Item, withPlaces)),
    ...problems.map((problem) => `! ${withPlaces ? String((problem as { readonly line: number }).line) : '?'}`),
  ];
  return lines.sort();
}

interface Item {
  readonly k: string;
  readonly scope: string;
  readonly name?: string;
  readonly nameText?: string;
  readonly nameAt?: readonly [number, number, number];
  readonly extras?: readonly string[];
  readonly specifier?: string;
  readonly version?: string;
  readonly marker?: string;
  readonly source?: string;
  readonly location?: string;
  readonly rev?: string;
  readonly when?: string;
  readonly cell?: number;
  readonly via?: readonly string[];
  readonly groups?: readonly string[];
  readonly redirect?: boolean;
  readonly incomplete?: boolean;
}

function lineOf(item: Item, withPlaces: boolean): string {
  const { name = '', nameAt, extras = [], marker, source, location, via = [], groups = [] } = item;
  // A name that is written with escapes has no text to look for.
  const [line, start] = withPlaces && nameAt !== undefined && item.nameText === name ? nameAt : [];
  const keyed = (['rev', 'when', 'cell'] as const).flatMap((key) =>
    item[key] === undefined ? [] : [`${key} ${String(item[key])}`],
  );
  return [
    line === undefined || start === undefined ? '' : `${line}:${start + 1}`,
    (item.k === 'requirement' ? '' : item.k) +
      name +
      (extras.length > 0 ? `[${[...new Set(extras)].sort().join()}]` : ''),
    item.version === undefined || item.version === '' ? sorted(item.specifier ?? '') : `==${item.version}`,
    marker === undefined ? '' : `; ${marker}`,
    `(${item.scope})`,
    source === undefined || source === 'registry' ? '' : source,
    location === undefined || location === '' ? '' : `@ ${location}`,
    ...keyed,
    via.length > 0 ? `via ${via.join()}` : '',
    groups.length > 0 ? `groups ${groups.join()}` : '',
    item.redirect === true ? 'redirect' : '',
    item.incomplete === true ? 'incomplete' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function sorted(specifier: string): string {
  return specifier
    .split(' || ')
    .map((clauses) => clauses.split(',').sort().join())
    .join(' || ');
}
