import { normalizeName } from '../../../packages/packageName.ts';
import type { Span } from '../../../text/position.ts';
import type { NamedRequirement } from '../model.ts';

/**
 * The item of a line that is nothing but `name==1.2.3`, as most lines are: the same as `parseLine` makes of it. `undefined` for
 * any other line. `line` with its line break.
 */
export function plainPin(line: string): NamedRequirement | undefined {
  const match = pattern.exec(line);
  const [, name, version] = match ?? [];
  if (name === undefined || version === undefined) return undefined;
  const end = name.length + operator.length + version.length;
  const text = line.slice(0, end);
  const operatorSpan: Span = { start: name.length, end: name.length + operator.length };
  const versionSpan: Span = { start: operatorSpan.end, end };
  return {
    text,
    span: { start: 0, end },
    problems: [],
    pipLineCount: 1,
    kind: 'requirement',
    name: { text: name, span: { start: 0, end: name.length }, normalized: normalizeName(name) },
    extras: [],
    specifier: {
      text: text.slice(name.length),
      span: { start: name.length, end },
      clauses: [{ operator, operatorSpan, version, versionSpan, wildcard: false }],
    },
    hashes: [],
    configSettings: [],
    ignoredOptions: [],
  };
}

const operator = '==';

// What follows has no suffix of a path, no option, no comment and no variable.
const pattern = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)==([0-9]+(?:\.[0-9]+)*)(?:\r?\n)?$/;
