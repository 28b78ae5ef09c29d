import type { Span } from '../text/position.ts';
import { tomlPlaces } from '../text/toml/tomlPlaces.ts';
import { startWithComments } from './ignoreEntry.ts';

/**
 * The text of an `osv-scanner.toml` without its `[[IgnoredVulns]]` entries of these ids, each with the comments right above
 * it; everything else stays as it is. `undefined` where it has none of them in a table of its own.
 */
export function removeIgnores(tomlText: string, ids: ReadonlySet<string>): string | undefined {
  const places = tomlPlaces(tomlText);
  const entries: Span[] = [];
  for (let index = 0; places.has(`ignoredvulns.${index}`); index++) {
    const key = `ignoredvulns.${index}`;
    const header = places.get(key);
    const id = places.get(`${key}.id`);
    const isTable = header !== undefined && tomlText.startsWith('[[', header.start);
    if (isTable && id !== undefined && ids.has(unquoted(tomlText.slice(id.start, id.end)))) {
      const values = [...places].flatMap(([path, { end }]) => (path.startsWith(`${key}.`) ? [end] : []));
      entries.push({
        start: startWithComments(tomlText, header.start),
        end: endOfBlock(tomlText, Math.max(header.end, ...values)),
      });
    }
  }
  const text = entries.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), tomlText);
  return entries.length === 0 ? undefined : text.replace(/(?:\r?\n[ \t]*)+$/, /\r?\n/.exec(text)?.[0] ?? '');
}

/** Behind the rest of the line and the blank ones after it. */
function endOfBlock(text: string, end: number): number {
  const rest = /^[^\n]*(?:\n(?:[ \t]*\r?\n)*)?/.exec(text.slice(end))?.[0] ?? '';
  return end + rest.length;
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
