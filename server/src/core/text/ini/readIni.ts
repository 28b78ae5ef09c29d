import type { Span } from '../position.ts';
import { Faults, type SyntaxFault } from '../tree/tree.ts';

/** A line of a value, without the space around it. */
export interface IniLine {
  readonly text: string;
  readonly span: Span;
}

export interface IniValue {
  /** What stands behind the `=`, where there is something, then the lines below it; without comments and empty lines. */
  readonly lines: readonly IniLine[];
  /** There are lines below. */
  readonly isDangling: boolean;
}

export interface ReadIni {
  /** By section and key as written. Of a key that is there twice the last one counts. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, IniValue>>;
  readonly faults: readonly SyntaxFault[];
}

/** What an ini file says, as Python's `configparser` reads it, with places. A line that is nothing is a fault, and no more. */
export function readIni(text: string): ReadIni {
  const sections = new Map<string, Map<string, IniValue>>();
  const faults = new Faults();
  let section: Map<string, IniValue> | undefined;
  let option:
    { readonly indent: number; readonly lines: IniLine[]; readonly set: (isDangling: boolean) => void } | undefined;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/gu)) {
    const indent = line.length - line.trimStart().length;
    const start = index + indent;
    const content = line.trim();
    const span = { start, end: start + content.length };
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    if (option !== undefined && indent > option.indent) {
      option.lines.push({ text: content, span });
      option.set(true);
      continue;
    }
    const header = /^\[(.+)\]/u.exec(content)?.[1];
    if (header !== undefined) {
      section = sections.get(header) ?? new Map<string, IniValue>();
      sections.set(header, section);
      option = undefined;
      continue;
    }
    const [, key = '', between = '', value = ''] = /^([^=:]*[^=:\s])(\s*[=:]\s*)(.*)$/u.exec(content) ?? [];
    if (section === undefined || key === '') {
      const isHalf = content.startsWith('[');
      const message = section === undefined ? 'This line is in no section.' : 'This line is no "key = value".';
      faults.add(span.start, span.end, isHalf ? 'The section has no "]". Add it.' : message, isHalf);
      option = undefined;
      continue;
    }
    if (section.has(key)) faults.add(start, start + key.length, 'This key is there twice. Keep one of them.');
    const own = section;
    const lines: IniLine[] = [];
    if (value !== '') {
      const from = start + key.length + between.length;
      lines.push({ text: value, span: { start: from, end: from + value.length } });
    }
    option = { indent, lines, set: (isDangling) => void own.set(key, { lines, isDangling }) };
    option.set(false);
  }
  return { sections, faults: faults.all };
}
