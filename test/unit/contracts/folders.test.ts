import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const mostFiles = 20;

/** So that a stranger finds a room by its name: beyond that a folder holds more than one idea. */
describe('a folder of the source', () => {
  it(`has at most ${mostFiles} files`, () => {
    const counts = ['server/src', 'client/src', 'protocol'].flatMap(countsIn);
    const full = counts.filter(({ count }) => count > mostFiles);
    assert.deepEqual(full, []);
    assert.ok(counts.length > 20);
  });
});

function countsIn(folder: string): readonly { readonly folder: string; readonly count: number }[] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const count = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).length;
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`);
  return [{ folder, count }, ...below.flatMap(countsIn)];
}
