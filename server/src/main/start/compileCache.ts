import { existsSync, realpathSync } from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';

/**
 * The folder beside the program that its build made for what Node compiles of it, so that the next start need not compile it
 * again; `undefined` where there is none. Only there: Node runs what it finds, and the one who may write there may
 * change the program, too. A folder for temporary files, or one of a project, would hand the program to others. `script` is as
 * Node was called with it, so perhaps without its ending.
 */
export function compiledFolder(script: string): string | undefined {
  const file = [script, `${script}.js`].find(existsSync);
  const folder = file === undefined ? '' : path.join(path.dirname(realpathSync(file)), 'cli', 'compiled');
  return existsSync(folder) ? folder : undefined;
}

/** Has Node keep in the folder what it compiles of the parts that are loaded on the way. */
export function useCompileCache(folder: string): void {
  // Before Node 22.8 there is no such function.
  const { enableCompileCache } = module as Partial<typeof module>;
  enableCompileCache?.(folder);
}
