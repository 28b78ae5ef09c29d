import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One of the cases that lie beside the repository: a project, and what the command line must do with it. */
export interface SharedCase {
  readonly folder: string;
  readonly index:
    Readonly<Record<string, readonly (string | { readonly v: string; readonly py?: string })[]>> | undefined;
  readonly steps: readonly CaseStep[];
}

export interface CaseStep {
  readonly args: readonly string[];
  readonly formats?: 'all' | readonly string[];
  readonly want: readonly Check[];
}

/** One thing that must hold; its keys say which. */
export interface Check {
  readonly anyOf?: readonly (readonly Check[])[];
  readonly exit?: readonly number[];
  readonly file?: string;
  readonly line?: number;
  readonly same?: boolean;
  readonly like?: string;
  readonly never?: string;
  readonly said?: string | readonly string[];
  readonly remark?: string;
  readonly lines?: readonly number[];
  readonly requirement?: string;
  readonly outcome?: readonly string[];
  readonly verdict?: readonly (string | null)[];
  readonly version?: readonly (string | null)[];
  readonly findings?: { readonly min?: number; readonly max?: number };
  readonly ids?: readonly string[];
  readonly nearestFix?: { readonly never: string };
  readonly report?: { readonly without: string };
  readonly log?: { readonly like: string };
  readonly output?: { readonly like?: string; readonly never?: string; readonly formats?: readonly string[] };
}

/** What one run did. */
export interface CaseRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** The project afterwards. */
  readonly folder: string;
  /** The texts of files that were not there before. */
  readonly written: readonly string[];
}

/** All cases of this folder. */
export function readCases(folder: string): readonly SharedCase[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const read = JSON.parse(readFileSync(path.join(folder, name, 'expected.json'), 'utf8')) as Omit<
        SharedCase,
        'folder'
      >;
      return { ...read, folder: path.join(folder, name) };
    });
}
