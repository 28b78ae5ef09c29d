import assert from 'node:assert/strict';
import type { IgnoreReader } from '../../../../server/src/lsp/environment.ts';
import { IgnoreReading } from '../../../../server/src/lsp/tasks/ignoreReading.ts';
import { IgnoreTable } from '../../../../server/src/lsp/tasks/ignoreTable.ts';
import type { Shell } from '../../../../server/src/lsp/tasks/lookupRunner.ts';
import { type FileId, fileId } from '../../../../server/src/project/fileId.ts';
import { type Delta, noDelta } from '../../../../server/src/project/workspace/changes/change.ts';
import type { Project } from '../../../../server/src/project/workspace/project.ts';

describe('reading ignore files', () => {
  const read: FileId[] = [];
  const ids: FileId[] = [];
  const createIgnoreReader = (): IgnoreReader => ({
    nearest: (file) => {
      read.push(file);
      return Promise.resolve([]);
    },
  });
  const project = { workspace: { ids, folders: [] }, apply: () => undefined } as unknown as Project;
  const shell = {
    own: (_: string, work: () => Promise<void>) => work(),
    closing: new AbortController().signal,
  } as unknown as Shell;
  let table: IgnoreTable;
  let reading: IgnoreReading;
  const take = (delta: Partial<Delta>): void => reading.take({ ...noDelta, ...delta });

  beforeEach(() => {
    read.length = 0;
    ids.length = 0;
    table = new IgnoreTable();
    reading = new IgnoreReading(table, project, { createIgnoreReader }, shell);
  });

  it('remembers little of documents that come and go, and all of those that stay', async () => {
    const staying = fileId('file:///staying/requirements.txt');
    ids.push(staying);
    take({ show: [staying] });
    for (let at = 0; at < 1_000; at++) {
      const file = fileId(`file:///folder-${at}/requirements.txt`);
      ids.push(file);
      take({ show: [file] });
      await reading.whenRead();
      ids.pop();
      take({ stop: [file] });
    }
    assert.ok(table.folderCount <= 110, `${table.folderCount} folders`);
    take({ show: [staying] });
    assert.equal(read.filter((file) => file === staying).length, 1, 'it is known still');
  });

  it('again for many folders at a time reads each of them once', async () => {
    const folders = Array.from({ length: 100 }, (_, at) => fileId(`file:///folder-${at}`));
    await Promise.all(folders.map((folder) => reading.readAgain(folder)));
    assert.equal(read.length, folders.length);
    await Promise.all([reading.readAgain(), reading.readAgain()]);
    assert.equal(read.length, 3 * folders.length, 'what began before a change is read once more');
  });
});
