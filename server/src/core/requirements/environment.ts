import { joinSources, sliceSource, spanOf, type SourceText } from './sourceText.ts';

export type Environment = Readonly<Record<string, string>>;

/**
 * Puts the environment's values in the place of `${NAME}`, once and without looking into the values again. A name that
 * is not set, or set to nothing, stays as it is written (pip's rule).
 */
export function expandEnvironment(source: SourceText, environment: Environment): SourceText {
  if (!source.text.includes('${')) return source;
  const parts: SourceText[] = [];
  let done = 0;
  for (const match of source.text.matchAll(/\$\{([A-Z0-9_]+)\}/g)) {
    const [written, name = ''] = match;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined || value === '') continue;
    const end = match.index + written.length;
    if (match.index > done) parts.push(sliceSource(source, done, match.index));
    const { start: from, end: to } = spanOf(source, match.index, end);
    parts.push({ text: value, pieces: [{ start: 0, from, to, verbatim: false }] });
    done = end;
  }
  if (done === 0) return source;
  if (done < source.text.length) parts.push(sliceSource(source, done, source.text.length));
  return joinSources(parts);
}
