import type { CompileTool } from '../../manifests/compiled.ts';
import { askedName } from '../../manifests/manifest.ts';
import { listText, plainText } from '../../text/plainText.ts';
import type { SourcedItem } from '../fixEdit.ts';
import type { ScopedFile } from '../fixScope.ts';

/** Why a line of a compiled file is not changed, and where to change it. `places`: the lines because of which it is there. */
export function compiledText(
  { file: { compiled }, missingSources = [] }: ScopedFile,
  name: string,
  { sources, places }: { readonly sources: readonly ScopedFile[]; readonly places: readonly SourcedItem[] },
): string {
  if (compiled === undefined) return 'Compiled: change its source and compile again.';
  const named = compiled.sources.length > 0 ? compiled.sources : sources.map(({ shown }) => shown);
  const from = named.length === 0 ? '' : ` from ${plainText(listText(named, 3), 100)}`;
  const made = `Compiled by ${compiled.tool}${from}`;
  if (sources.length === 0) {
    return missingSources.length > 0
      ? `${made}, but its source ${plainText(listText(missingSources, 3), 120)} is not there: change it where it is and compile again.`
      : `${made}: change it there and compile again.`;
  }
  const askers = [...new Set(places.map((place) => askedName(place.file.contentOf(place.index))?.text ?? ''))];
  if (askers.length === 0) return `${made}: change it there and compile again.`;
  const because = `${name} is there because of ${plainText(listText(askers, 3), 100)}.`;
  return `${made}: ${upgradeText(compiled.tool, name)} ${because}`;
}

/** What to do about a line that the sources do not have: other lines of theirs have brought it in. */
export function upgradeText(tool: CompileTool, name: string): string {
  return compilesWithUpgrades(tool)
    ? `compile again with --upgrade-package ${plainText(name, 80)}.`
    : 'change it there and compile again.';
}

/** Which constraints files a compiled file names for a package; `undefined` where it names none. */
export function limitedText(files: readonly string[]): string | undefined {
  return files.length === 0
    ? undefined
    : `Its version is limited by ${plainText(listText(files, 3), 100)}, which has to allow that, too.`;
}

/** Whether it takes `--upgrade-package`. */
export function compilesWithUpgrades(tool: CompileTool): boolean {
  return upgrades.has(tool);
}

const upgrades: ReadonlySet<CompileTool> = new Set(['pip-compile', 'pip-compile-multi', 'uv']);

/** What to do after the sources of a compiled file were changed. */
export function compileAgainText({ file, shown }: ScopedFile): string {
  const { compiled } = file;
  const command = compiled?.command === undefined ? '.' : `: ${plainText(compiled.command, 200)}`;
  return `${plainText(shown, 80)} is compiled by ${compiled?.tool ?? 'a tool'}. Compile it again${command}`;
}
