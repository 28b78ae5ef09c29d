import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The first executable of this name on PATH. */
export function pathOfTool(tool: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, tool))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // absent and forbidden are the same to a search
  }
}
