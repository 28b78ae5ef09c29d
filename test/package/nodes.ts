import path from 'node:path';
import { olderNode } from '../support/olderNode.ts';

/** A Node that the package has to run on. */
export interface NodeToTest {
  readonly name: string;
  /** The folder of the program `node`. */
  readonly folder: string;
  readonly hasSqlite: boolean;
}

export const root = path.resolve(import.meta.dirname, '../..');
export const newNode: NodeToTest = {
  name: 'Node 24',
  folder: path.join(root, 'node_modules', 'node', 'bin'),
  hasSqlite: true,
};

/** The Node of a checkout, and an older one without SQLite where this machine has one. */
export function nodesToTest(): readonly NodeToTest[] {
  const older = olderNode();
  if (older === undefined) {
    console.log('      skipped on an older Node: every Node on this machine has SQLite');
    return [newNode];
  }
  return [newNode, { name: 'a Node without SQLite', folder: path.dirname(older), hasSqlite: false }];
}

/** The environment of this process with that Node in front, and nothing of the npm that may run the tests. */
export function environmentWith(node: NodeToTest, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const ofNpm =
    /^npm_(lifecycle|package|config_(local_prefix|global_prefix|prefix|global|omit|include))|^NODE_OPTIONS$/iu;
  const kept = Object.entries(process.env).filter(([name]) => !ofNpm.test(name));
  const folders = [node.folder, ...(process.env['PATH'] ?? '').split(path.delimiter)];
  const PATH = folders.filter((folder) => !folder.endsWith(path.join('node_modules', '.bin'))).join(path.delimiter);
  return { ...Object.fromEntries(kept), PATH, ...more };
}
