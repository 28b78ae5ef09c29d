import { plainText, listText } from '../text/plainText.ts';
import type { Compiled } from '../manifests/compiled.ts';

/** "Compiled by uv from requirements.in: change it there and compile again." */
export function compiledText({ tool, sources }: Compiled): string {
  const from = sources.length === 0 ? '' : ` from ${plainText(listText(sources, 3), 100)}`;
  return `Compiled by ${tool}${from}: change it there and compile again.`;
}
