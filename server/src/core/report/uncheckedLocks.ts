import { isOfLine } from '../assessment/decided/heldVersions.ts';
import type { FileReport } from '../assessment/fileReport.ts';
import { listText, plainText } from '../text/plainText.ts';

/**
 * A sentence for each lock that is out of date and not in the report: what it has may be installed, and is not checked. Where it
 * is in the report, its version has a row.
 */
export function uncheckedLocks(files: readonly FileReport[]): readonly string[] {
  const places = new Set(files.map(({ path }) => path.replaceAll('\\', '/')));
  const held = new Map<string, string[]>();
  for (const { path, requirements } of files) {
    for (const { name, scope, outOfDate } of requirements) {
      if (outOfDate === undefined || !isOfLine(outOfDate, scope)) continue;
      const { source, versions } = outOfDate;
      if (isThere(source, path.replaceAll('\\', '/'), places)) continue;
      const all = held.get(source) ?? [];
      all.push(`${name} ${versions.join(' and ')}`);
      held.set(source, all);
    }
  }
  return [...held].map(
    ([source, all]) =>
      `${plainText(source, 100)} is out of date and was not checked: it has ${plainText(listText(all, 3), 200)}.`,
  );
}

/** Beside the file, or above it. */
function isThere(source: string, path: string, places: ReadonlySet<string>): boolean {
  for (let folder = path; folder !== '';) {
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
    if (places.has(folder + source)) return true;
  }
  return false;
}
