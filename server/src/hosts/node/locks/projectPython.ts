import path from 'node:path';
import { readToml } from '../../../core/text/toml/readToml.ts';
import { textAt } from '../../../core/text/tree/tree.ts';
import { parseSpecifier } from '../../../core/versions/specifier.ts';
import type { ProjectPython } from '../../../engine/lockReader.ts';
import type { LockDisk } from './lockDisk.ts';

/** Which Pythons the project in a folder is for; `undefined` where nothing there says so. */
export async function readProjectPython(
  folder: string,
  disk: LockDisk<ProjectPython>,
): Promise<ProjectPython | undefined> {
  for (const [name, read] of readers) {
    const found = await disk.ofFile(path.join(folder, name), (bytes) => {
      const requiresPython = read(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      // What cannot be read is no promise: nobody could keep it.
      return requiresPython === undefined || parseSpecifier(requiresPython) === undefined
        ? undefined
        : { requiresPython, source: name };
    });
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** What the project promises goes before what somebody works with. */
const readers: readonly (readonly [string, (text: string) => string | undefined])[] = [
  ['pyproject.toml', ofPyproject],
  ['setup.cfg', ofSetupCfg],
  ['.python-version', ofPythonVersion],
];

const longest = 200;

function ofPyproject(text: string): string | undefined {
  const { root, faults } = readToml(text);
  if (faults.length > 0) {
    throw new Error('it is not valid TOML'); // nothing is quoted: there may be a secret in it
  }
  const at = (...keys: readonly string[]): string | undefined => {
    const found = textAt(root, ...keys)?.value;
    return found === undefined || found.length > longest ? undefined : found;
  };
  return at('project', 'requires-python') ?? ofPoetry(at('tool', 'poetry', 'dependencies', 'python'));
}

/** Poetry's own operators as PEP 440 has them: `^3.8` is below 4, `~3.8` below 3.9. What else it has says nothing here. */
function ofPoetry(text: string | undefined): string | undefined {
  const clauses = text?.split(',').map((clause) => {
    const [, sign = '', major = '', minor] = /^\s*([~^]?)(\d+)(?:\.(\d+))?(?:\.\d+)*(?:\.\*)?\s*$/u.exec(clause) ?? [];
    if (major === '') return clause.trim();
    const version = clause.trim().replace(/^[~^]|\.\*$/gu, '');
    if (sign === '^' || (sign === '~' && minor === undefined)) return `>=${version},<${Number(major) + 1}`;
    if (sign === '~') return `>=${version},<${major}.${Number(minor) + 1}`;
    return version.split('.').length > 2 ? `==${version}` : `==${version}.*`;
  });
  return clauses?.join(',');
}

function ofSetupCfg(text: string): string | undefined {
  const options = /^\[options\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/mu.exec(text.slice(0, 100_000))?.[1] ?? '';
  return /^python_requires[ \t]*=[ \t]*(\S.*?)[ \t]*$/mu.exec(options)?.[1]?.slice(0, longest);
}

/** One version a line; what is no version of CPython says nothing. */
function ofPythonVersion(text: string): string | undefined {
  const minor = /^\s*(\d+\.\d+)(?:\.\d+)?\s*$/mu.exec(text.slice(0, 1_000))?.[1];
  return minor === undefined ? undefined : `==${minor}.*`;
}
