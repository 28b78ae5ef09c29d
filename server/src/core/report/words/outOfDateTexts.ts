import { isOfLine } from '../../assessment/decided/heldVersions.ts';
import { plainText } from '../../text/plainText.ts';
import type { ScanReport } from '../scanReport.ts';

/** A sentence for each line of a project that does not allow what its lock has; of each lock the first ones. */
export function outOfDateTexts({ files }: Pick<ScanReport, 'files'>): readonly string[] {
  const locks = new Map<string, string[]>();
  for (const { path, requirements } of files) {
    for (const { name, specifier, scope, outOfDate, tokenRange } of requirements) {
      if (outOfDate === undefined || !isOfLine(outOfDate, scope)) continue;
      const source = plainText(outOfDate.source, 100);
      const held = plainText(`${name} ${outOfDate.versions.join(' and ')}`, 100);
      const place = `${plainText(path, 200)}:${tokenRange.start.line + 1}`;
      const text =
        specifier === ''
          ? `${source} is out of date: it has ${held}, which lines installed with ${place} do not allow.`
          : `${source} is out of date: it has ${held}, and ${place} requires ${plainText(specifier, 60)}.`;
      locks.set(source, [...(locks.get(source) ?? []), text]);
    }
  }
  return [...locks].flatMap(([source, texts]) => {
    const rest = texts.length - mostTexts;
    return [...texts.slice(0, mostTexts), ...(rest > 0 ? [`${source} is out of date for ${rest} more lines.`] : [])];
  });
}

// Who locks again has brought all of them up to date.
const mostTexts = 3;
