import { workspace } from 'vscode';
import { includePatterns } from '../editorSettings.ts';
import { requirementPatterns } from '../requirementFilters.ts';

// Beyond that nobody cares for the figure, and looking takes its time.
const most = 2_000;

const skipped =
  '**/{node_modules,site-packages,.venv,venv,.tox,.nox,.eggs,.git,.hg,.svn,__pycache__,.mypy_cache,.ruff_cache,.pytest_cache}/**';

/** How many requirements files the folders of the window have, by their names; the search of the editor is quick. */
export async function countRequirementFiles(): Promise<number> {
  const names = `{${requirementPatterns(includePatterns()).flatMap(withoutBraces).join(',')}}`;
  const found = await workspace.findFiles(names, skipped, most);
  return found.length;
}

/** The search of the editor knows no braces in braces. */
function withoutBraces(pattern: string): readonly string[] {
  const [, before = '', choices, after = ''] = /^([^{}]*)\{([^{}]*)\}(.*)$/u.exec(pattern) ?? [];
  return choices === undefined
    ? [pattern]
    : choices.split(',').flatMap((choice) => withoutBraces(`${before}${choice}${after}`));
}
