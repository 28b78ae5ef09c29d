import { FileType, Uri, workspace } from 'vscode';
import { includePatterns } from '../editorSettings.ts';
import { requirementPatterns, usualFiles } from '../requirementFilters.ts';

// Beyond that nobody cares for the figure, and looking takes its time.
const most = 2_000;

const skipped =
  '**/{node_modules,site-packages,.venv,venv,.tox,.nox,.eggs,.git,.hg,.svn,__pycache__,.mypy_cache,.ruff_cache,.pytest_cache}/**';

/** How many requirements files the folders of the window have, by their names; the search of the editor is quick. */
export async function countRequirementFiles(): Promise<number> {
  return (await searched()) || (await usual());
}

async function searched(): Promise<number> {
  const names = `{${requirementPatterns(includePatterns()).flatMap(withoutBraces).join(',')}}`;
  try {
    return (await workspace.findFiles(names, skipped, most)).length;
  } catch {
    return 0; // nobody can search there
  }
}

async function usual(): Promise<number> {
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const files = folders.flatMap((folder) => usualFiles.map((name) => Uri.joinPath(folder, name)));
  const found = await Promise.all(files.map(isFile));
  return found.filter(Boolean).length;
}

async function isFile(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}

/** The search of the editor knows no braces in braces. */
function withoutBraces(pattern: string): readonly string[] {
  const [, before = '', choices, after = ''] = /^([^{}]*)\{([^{}]*)\}(.*)$/u.exec(pattern) ?? [];
  return choices === undefined
    ? [pattern]
    : choices.split(',').flatMap((choice) => withoutBraces(`${before}${choice}${after}`));
}
