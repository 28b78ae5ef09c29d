import type { MadeBy } from '../core/fixes/adviseWithin.ts';
import type { PythonDemand } from '../core/fixes/fixScope.ts';
import { compiledFrom } from '../core/manifests/compiledSources.ts';
import type { Manifest } from '../core/manifests/manifest.ts';
import { pythonsOf } from '../core/markers/pythons.ts';
import { listText, plainText } from '../core/text/plainText.ts';

/** What bears on the advice for every line of a file that a tool wrote. */
export interface CompiledNote {
  readonly demand: PythonDemand | undefined;
  readonly made: MadeBy;
}

/** `shown`: the file's path with `/`, as people know it; `undefined` where a person wrote it. */
export function compiledNote(shown: string, file: Manifest): CompiledNote | undefined {
  const { compiled } = file;
  if (compiled === undefined) return undefined;
  const names = compiledFrom(shown.replaceAll('\\', '/'), file).sources.filter(({ isGuess }) => isGuess !== true);
  const from =
    names.length === 0
      ? ''
      : ` from ${plainText(
          listText(
            names.map(({ name }) => name),
            3,
          ),
          100,
        )}`;
  return {
    demand: compiledDemand(file, shown),
    made: { tool: compiled.tool, text: `Compiled by ${compiled.tool}${from}` },
  };
}

/** The Python that a tool compiled a file for, where its header says so. */
export function compiledDemand({ compiled }: Manifest, shown: string): PythonDemand | undefined {
  const requiresPython = compiled?.requiresPython;
  return requiresPython === undefined
    ? undefined
    : {
        pythons: pythonsOf(requiresPython),
        text: `Python ${requiresPython.replace(/^==(.*)\.\*$/u, '$1')} (header of ${shown})`,
      };
}
