import type { Manifest } from './manifest.ts';
import { isPublicIndex } from './reading/tableDraft.ts';

// What is beyond was not written by a person.
const mostText = 1_000_000;

/**
 * Whether a file asks no package index, or names one for all of its packages that is not PyPI: what comes with them may be from
 * there, so that its name belongs to nobody else. An address with a variable in it counts.
 */
export function namesOtherIndex(file: Manifest): boolean {
  if (file.noIndexAt !== undefined || file.length > mostText) return true;
  const options = file.text.matchAll(/^[ \t]*(?:-i|--(?:extra-)?index-url)(?:[ \t]+|=)(\S+)/gmu);
  const tables = file.text.split(/^(?=[ \t]*\[)/mu).filter((table) => sources.test(table));
  const urls = tables.flatMap((table) => [
    ...table.matchAll(/^[ \t]*(?:url|index-url)[ \t]*=[ \t]*["']([^"'\n]*)["']/gmu),
  ]);
  return [...options, ...urls].some(([, url = '']) => !isPublicIndex(url));
}

/** Of a Pipfile, uv, Poetry and PDM. */
const sources = /^[ \t]*\[\[?[ \t]*(?:source|tool[.](?:uv(?:[.](?:index|pip))?|poetry[.]source|pdm[.]source))[ \t]*\]/u;
