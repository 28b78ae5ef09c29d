import assert from 'node:assert/strict';
import type { Uri } from 'vscode';
import { connectPython } from '../../../client/src/pythonExtensions.ts';
import { FakePython, FakePythonEnvs } from '../../support/pythonExtensions.ts';

const folder = { toString: () => 'file:///project/api' } as Uri;
const selected = { '': '/project/.venv', 'file:///project/api': '/project/api/.venv' };

/** What is installed, by id. */
function found(offered: Readonly<Record<string, unknown>>) {
  return (id: string) => (id in offered ? { activate: () => Promise.resolve(offered[id]) } : undefined);
}

const python = 'ms-python.python';
const envs = 'ms-python.vscode-python-envs';

describe('the environments that are selected in the Python extensions', () => {
  for (const [id, fake] of [
    [python, new FakePython(selected)],
    [envs, new FakePythonEnvs(selected)],
  ] as const) {
    it(`are those of ${id}, for the window and for each folder, as long as they are followed`, async () => {
      const source = await connectPython(found({ [id]: fake.exports }));
      assert.ok(source);
      assert.equal(await source.pathFor(undefined), '/project/.venv');
      assert.equal(await source.pathFor(folder), '/project/api/.venv');
      assert.equal(await source.pathFor({ toString: () => 'file:///project/else' } as Uri), undefined);
      let changes = 0;
      const subscription = source.onDidChange(() => changes++);
      fake.changed.fire({ id: '', path: '', resource: undefined, uri: undefined, old: undefined, new: undefined });
      subscription.dispose();
      fake.changed.fire({ id: '', path: '', resource: undefined, uri: undefined, old: undefined, new: undefined });
      assert.deepEqual([changes, fake.changed.heard], [1, 0]);
    });
  }

  it('are those of Python Environments where both are there', async () => {
    const both = { [python]: new FakePython({ '': '/old' }).exports, [envs]: new FakePythonEnvs(selected).exports };
    assert.equal(await (await connectPython(found(both)))?.pathFor(undefined), '/project/.venv');
  });

  it('are those of Python where Python Environments is switched off, and of none that offers nothing', async () => {
    const off = { [python]: new FakePython({ '': '/old' }).exports, [envs]: undefined };
    assert.equal(await (await connectPython(found(off)))?.pathFor(undefined), '/old');
    for (const offered of [
      {},
      { [python]: undefined },
      { [python]: {}, [envs]: {} },
      { [python]: { environments: {} } },
    ]) {
      assert.equal(await connectPython(found(offered)), undefined);
    }
  });
});
