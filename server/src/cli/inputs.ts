import type { CliIo } from './io.ts';

export interface Input {
  /** As the user would write it; `-` for standard input. */
  readonly path: string;
  readonly text: string;
}

export interface FoundInputs {
  readonly inputs: readonly Input[];
  /** Paths that do not exist: a mistake in the call. */
  readonly missing: readonly string[];
  /** What exists and could not be read, or was not looked at, in words: the scan is incomplete. */
  readonly unread: readonly string[];
}

/** Reads every file named, and every requirement file below a folder named; each file once. */
export async function findInputs(paths: readonly string[], io: CliIo): Promise<FoundInputs> {
  const inputs = new Map<string, Input>();
  const missing: string[] = [];
  const unread: string[] = [];
  const take = (path: string, read: { readonly text: string } | { readonly error: string }): void => {
    if ('error' in read) {
      unread.push(read.error);
    } else {
      inputs.set(path, { path, text: read.text });
    }
  };
  // One after the other: the order of the report is the order of the call.
  for (const path of paths) {
    if (path === '-') {
      take(path, io.decode(await io.readStdin()));
      continue;
    }
    switch (await io.kindOf(path)) {
      case 'missing':
        missing.push(path);
        break;
      case 'file':
        take(path, await io.readFile(path));
        break;
      case 'folder': {
        const { paths: found, truncated } = await io.discover(path);
        for (const file of found.filter((one) => !inputs.has(one))) {
          take(file, await io.readFile(file));
        }
        if (truncated) {
          unread.push(`"${path}" holds more files than pinwatch looks through; name its requirement files`);
        }
        break;
      }
    }
  }
  return { inputs: [...inputs.values()], missing, unread };
}
