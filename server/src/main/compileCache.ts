import { existsSync, realpathSync } from 'node:fs';
import * as module from 'node:module';
import path from 'node:path';

/**
 * Has Node keep what it compiles of the program, so that the next start need not compile it again. Only in a folder beside
 * the program that its build made: Node runs what it finds there, and the one who may write there may change the program, too.
 * A folder for temporary files, or one of a project, would hand the program to others. `script` is as Node was called with
 * it, so perhaps without its ending.
 */
export function useCompileCache(script: string): void {
  const file = [script, `${script}.js`].find(existsSync);
  const folder = file === undefined ? '' : path.join(path.dirname(realpathSync(file)), 'cli', 'compiled');
  // Before Node 22.8 there is no such function.
  const { enableCompileCache } = module as Partial<typeof module>;
  if (existsSync(folder)) {
    enableCompileCache?.(folder);
  }
}
