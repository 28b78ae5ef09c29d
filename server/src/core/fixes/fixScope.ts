import type { Pythons } from '../markers/pythons.ts';
import type { IncludeEdge } from '../manifests/includeGraph.ts';
import { reachOver } from '../manifests/includeGraph.ts';
import type { SourcedFile } from './fixEdit.ts';

/** The files that have a say in a fix, and how they belong together. */
export interface FixScope {
  readonly get: (source: string) => ScopedFile | undefined;
  /**
   * What pip reads when it installs this file, or one that leads to it: itself, includes and constraints; and what a tool reads
   * together with it. Not what a tool compiled from it, which is made again.
   */
  readonly together: (source: string) => readonly ScopedFile[];
  /** What a compiled file was made from, with what that includes. */
  readonly sourcesOf: (source: string) => readonly ScopedFile[];
  /** What tools compiled from this file. */
  readonly outputsOf: (source: string) => readonly ScopedFile[];
}

export interface ScopedFile extends SourcedFile {
  /** For people, as other files of the project name it. */
  readonly shown: string;
  /** Of a compiled file: what it was made from, by `source`. */
  readonly sources?: readonly string[];
  /** Of a compiled file: what it was made from and is not here, for people. */
  readonly missingSources?: readonly string[];
  /** The Pythons that it is meant for, where the project says so. */
  readonly pythons?: PythonDemand;
}

export interface PythonDemand {
  readonly pythons: Pythons;
  /** As the project has it, after "is for": "Python >=3.8 (pyproject.toml)". */
  readonly text: string;
}

export function fixScope(files: readonly ScopedFile[], edges: readonly IncludeEdge[]): FixScope {
  const bySource = new Map(files.map((file) => [file.source, file]));
  const includedIn = reachOver(
    edges.filter(({ kind }) => kind === 'include'),
    'down',
  );
  const [leadingTo, reachedFrom] = [reachOver(edges, 'up'), reachOver(edges, 'down')];
  const get = (source: string): ScopedFile | undefined => bySource.get(source);
  const known = (sources: Iterable<string>): readonly ScopedFile[] => [...sources].flatMap((one) => get(one) ?? []);
  const sourcesOf = remembered((source) =>
    known(includedIn(get(source)?.sources ?? [])).filter((one) => one.source !== source),
  );
  const outputs = new Map<string, ScopedFile[]>();
  for (const file of files.filter(({ sources = [] }) => sources.length > 0)) {
    sourcesOf(file.source).forEach(({ source }) => outputs.set(source, [...(outputs.get(source) ?? []), file]));
  }
  const outputsOf = (source: string): readonly ScopedFile[] => outputs.get(source) ?? [];
  return {
    get,
    sourcesOf,
    outputsOf,
    together: remembered((source) => {
      const made = new Set(outputsOf(source).map((one) => one.source));
      // What is compiled into one file has to agree.
      const beside = outputsOf(source).flatMap((output) => sourcesOf(output.source).map((one) => one.source));
      return known(reachedFrom(leadingTo([source, ...beside]))).filter((one) => !made.has(one.source));
    }),
  };
}

function remembered<Value>(make: (source: string) => Value): (source: string) => Value {
  const made = new Map<string, Value>();
  return (source) => {
    const value = made.get(source) ?? make(source);
    made.set(source, value);
    return value;
  };
}
