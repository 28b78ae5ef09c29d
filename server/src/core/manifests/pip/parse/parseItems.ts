import type { Clause } from '../../../versions/clause.ts';
import { parseVersion } from '../../../versions/version.ts';
import { isLineBreak } from '../../../text/characters.ts';
import { isIgnoredText } from '../../problemCodes.ts';
import { lastAtOrBefore } from '../../../text/lineIndex.ts';
import type { EditableRequirement, GivenOption, Item, RequirementsFile } from '../model.ts';
import type { UrlFacts } from '../../pep508/urls.ts';
import type { Hash, NameToken, Problem } from '../../requirement.ts';
import { optionValues, type OptionValues, configValues } from './optionValues.ts';
import { normalizeName } from '../../../packages/packageName.ts';
import { resolveInclude } from '../../includePath.ts';

/** One logical line in pip's own terms, as `pinwatch parse` prints it. Line numbers count from 1. */
export interface ParseItem {
  readonly k: Item['kind'];
  /** First and last line as Python's `splitlines` counts them. */
  readonly s: number;
  readonly e: number;
  /** The same as LSP counts lines, where the two differ. */
  readonly ls?: number;
  readonly le?: number;
  readonly text: string;
  readonly name?: string;
  readonly norm?: string;
  readonly extras?: readonly string[];
  readonly spec?: string;
  readonly specs?: readonly string[];
  readonly marker?: string;
  readonly url?: string;
  readonly hashes?: readonly string[];
  readonly reqOpts?: OptionValues;
  readonly ignoredOpts?: OptionValues;
  readonly opts?: OptionValues;
  readonly target?: string;
  readonly resolved?: string;
  readonly path?: string;
  readonly egg?: string;
  readonly subdir?: string;
  readonly vcs?: string;
  readonly rev?: string;
  readonly error?: { readonly stage: 'options' | 'requirement'; readonly code: string; readonly msg: string };
}

export interface ParseItemsOptions {
  /** Where the file is: what its includes are relative to. */
  readonly path?: string;
}

export function toParseItems(file: RequirementsFile, options: ParseItemsOptions = {}): readonly ParseItem[] {
  const pipLines = findPipLines(file.text);
  return file.items.map((item, index) => {
    const first = lastAtOrBefore(pipLines.starts, file.starts[index] ?? 0);
    const last = first + item.pipLineCount - 1;
    return {
      k: item.kind,
      s: first + 1,
      e: last + 1,
      ...(pipLines.exotic && { ls: lspLine(file, pipLines, first), le: lspLine(file, pipLines, last) }),
      text: item.text,
      ...details(item, options.path ?? 'requirements.txt'),
    };
  });
}

/** The number of lines of a text as Python's `splitlines` counts them. */
export function countPipLines(text: string): number {
  return findPipLines(text).starts.length;
}

interface PipLines {
  readonly starts: readonly number[];
  /** Whether there are breaks that LSP does not know. */
  readonly exotic: boolean;
}

function findPipLines(text: string): PipLines {
  const starts: number[] = [];
  let exotic = false;
  let lineStart = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isLineBreak(code)) continue;
    if (code === 0x0d && text.charCodeAt(at + 1) === 0x0a) at++;
    exotic ||= code !== 0x0a && code !== 0x0d;
    starts.push(lineStart);
    lineStart = at + 1;
  }
  if (lineStart < text.length) starts.push(lineStart);
  return { starts, exotic };
}

function lspLine(file: RequirementsFile, pipLines: PipLines, index: number): number {
  return lastAtOrBefore(file.lineStarts, pipLines.starts[index] ?? 0) + 1;
}

function details(item: Item, path: string): Partial<ParseItem> {
  switch (item.kind) {
    case 'requirement':
      return {
        ...nameOf(item.name),
        ...extrasOf(item.extras),
        ...(item.specifier && { spec: item.specifier.text }),
        ...specsOf(item.specifier?.clauses ?? []),
        ...(item.marker && { marker: item.marker.normal }),
        ...(item.url && { url: item.url.text }),
        ...optionsOf(item),
        ...urlFactsOf(item),
      };
    case 'url':
      return {
        ...wheelOf(item),
        ...(item.marker && { marker: item.marker.normal }),
        url: item.url.text,
        ...optionsOf(item),
        ...urlFactsOf(item),
      };
    case 'path':
      return {
        ...wheelOf(item),
        ...extrasOf(item.extras),
        // Without a look at the disk pip gets to the marker of an archive only.
        ...(item.archive && !item.problems.some(isFaultOfItem) && item.marker && { marker: item.marker.normal }),
        path: item.path.text,
        ...optionsOf(item),
      };
    case 'editable':
      return {
        target: item.target.text,
        ...(item.name && nameOf(item.name)),
        // pip writes the extras of a file: URL in lower case.
        ...extrasOf(item.extras, /^file:/i.test(item.target.text)),
        ...(item.marker && { marker: item.marker.normal }),
        ...optionsOf({ ...item, hashes: [] }),
        ...editablePlaceOf(item),
      };
    case 'include':
    case 'constraint':
      return {
        target: item.target.text,
        resolved: resolveInclude(path, item.target.text),
        ...(item.ignoredOptions.length > 0 && { ignoredOpts: optionValues(item.ignoredOptions) }),
      };
    case 'option':
      return { opts: optionValues(item.options) };
    case 'error': {
      const [problem] = item.problems;
      if (problem === undefined) return {};
      const stage = problem.code.startsWith('option.') ? 'options' : 'requirement';
      return { error: { stage, code: problem.code, msg: problem.message } };
    }
  }
}

/** Text that pip ignores changes nothing about the item. */
function isFaultOfItem({ code }: Problem): boolean {
  return !isIgnoredText(code);
}

/** pip turns a folder into a `file:` URL and can no longer tell `name @ file:` from one. */
function editablePlaceOf(item: EditableRequirement): Partial<ParseItem> {
  if (item.path !== undefined) return { path: item.path.text };
  const isFolder = item.url?.startsWith('file:') === true && !/^file:/i.test(item.target.text);
  return isFolder ? { path: item.target.text } : urlFactsOf(item);
}

function nameOf(name: NameToken): Partial<ParseItem> {
  return { name: name.text, norm: normalizeName(name.text) };
}

/** packaging writes the name of a wheel in its normal form. */
function wheelOf(item: { readonly name?: NameToken; readonly version?: string }): Partial<ParseItem> {
  if (item.name === undefined) return {};
  if (item.version === undefined) return nameOf(item.name);
  return { name: item.name.normalized, norm: item.name.normalized, specs: [`==${item.version}`] };
}

function extrasOf(extras: readonly NameToken[], inLowerCase = false): Partial<ParseItem> {
  const names = new Set(extras.map(({ text }) => (inLowerCase ? text.toLowerCase() : text)));
  return names.size === 0 ? {} : { extras: [...names].sort() };
}

/** Sorted; of clauses that are equal by PEP 440, the first. */
function specsOf(clauses: readonly Clause[]): Partial<ParseItem> {
  if (clauses.length === 0) return {};
  const byMeaning = new Map<string, string>();
  for (const clause of [...clauses].sort((a, b) => (clauseText(a) < clauseText(b) ? -1 : 1))) {
    const meaning = clause.operator + clauseMeaning(clause);
    if (!byMeaning.has(meaning)) byMeaning.set(meaning, clauseText(clause));
  }
  return { specs: [...byMeaning.values()] };
}

function clauseText(clause: Clause): string {
  return clause.operator + clause.version;
}

function clauseMeaning({ operator, version, wildcard }: Clause): string {
  if (operator === '===' || wildcard) return version;
  const parsed = parseVersion(version);
  // The number of release parts matters to `~=`.
  return (operator === '~=' ? parsed?.normal : parsed?.key) ?? version;
}

function optionsOf(item: {
  readonly hashes: readonly Hash[];
  readonly configSettings: readonly string[];
  readonly ignoredOptions: readonly GivenOption[];
}): Partial<ParseItem> {
  return {
    ...(item.hashes.length > 0 && { hashes: item.hashes.map((hash) => hash.text).sort() }),
    ...(item.configSettings.length > 0 && { reqOpts: { config_settings: configValues(item.configSettings) } }),
    ...(item.ignoredOptions.length > 0 && { ignoredOpts: optionValues(item.ignoredOptions) }),
  };
}

function urlFactsOf(facts: UrlFacts): Partial<ParseItem> {
  return {
    ...(facts.egg !== undefined && { egg: facts.egg }),
    ...(facts.subdirectory !== undefined && { subdir: facts.subdirectory }),
    ...(facts.vcs !== undefined && { vcs: facts.vcs }),
    ...(facts.revision !== undefined && { rev: facts.revision }),
  };
}
