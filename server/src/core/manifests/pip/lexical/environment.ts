import { joinSources, sliceSource, spanOf, type SourceText } from '../../../text/sourceText.ts';

export type Environment = Readonly<Record<string, string>>;

/**
 * Puts the environment's values in the place of `${NAME}`. A name that is not set, or set to nothing, stays as it is
 * written. pip takes the names of the line from left to right and replaces each everywhere, so that a value's own
 * `${NAME}` is replaced only where that name stands further right in the line.
 */
export function expandEnvironment(source: SourceText, environment: Environment): SourceText {
  if (!source.text.includes('${')) return source;
  const names = new Set(Array.from(source.text.matchAll(/\$\{([A-Z0-9_]+)\}/g), ([, name = '']) => name));
  let expanded = source;
  for (const name of names) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && value !== '') expanded = replaceAll(expanded, `\${${name}}`, value);
  }
  return expanded;
}

function replaceAll(source: SourceText, written: string, value: string): SourceText {
  const parts: SourceText[] = [];
  let done = 0;
  for (let at = source.text.indexOf(written); at >= 0; at = source.text.indexOf(written, done)) {
    const end = at + written.length;
    if (at > done) parts.push(sliceSource(source, done, at));
    const { start: from, end: to } = spanOf(source, at, end);
    parts.push({ text: value, pieces: [{ start: 0, from, to, verbatim: false }] });
    done = end;
  }
  if (done < source.text.length) parts.push(sliceSource(source, done, source.text.length));
  return joinSources(parts);
}
