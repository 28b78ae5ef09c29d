import assert from 'node:assert/strict';
import { ensureBuildTools } from '../../vscode/buildTools.ts';

describe('build tools for VS Code', () => {
  const everything = ['npm', 'g++', 'make', 'python3'];

  const world = (
    present: readonly string[],
    onInstall: (packages: readonly string[]) => Promise<readonly string[]>,
  ) => {
    let tools = present;
    const asked: (readonly string[])[] = [];
    return {
      asked,
      has: (tool: string) => tools.includes(tool),
      install: async (packages: readonly string[], onStart: () => void) => {
        asked.push(packages);
        onStart();
        const added = await onInstall(packages);
        tools = [...tools, ...added];
        return added.length > 0;
      },
    };
  };

  it('are left alone where they are there', async () => {
    const here = world(everything, () => assert.fail('nothing is missing'));
    await ensureBuildTools(() => {}, here);
    assert.deepEqual(here.asked, []);
  });

  it('are installed where some are missing, and it is said', async () => {
    const here = world(['npm', 'make'], (packages) => Promise.resolve(packages));
    const said: string[] = [];
    await ensureBuildTools((line) => said.push(line), here);
    assert.deepEqual(here.asked, [['g++', 'python3']]);
    assert.match(said.join(), /installing g\+\+, python3/u);
  });

  it('are asked for in words where they may not be installed', async () => {
    const here = world(['npm', 'python3'], () => Promise.resolve([]));
    await assert.rejects(
      ensureBuildTools(() => {}, here),
      /g\+\+, make not found on PATH.*apt-get install g\+\+ make\.$/u,
    );
  });

  it('say why apt-get did not help', async () => {
    const here = world(['npm'], () => Promise.reject(new Error('no such mirror')));
    await assert.rejects(
      ensureBuildTools(() => {}, here),
      /g\+\+, make, python3 not found.*no such mirror/u,
    );
  });

  it('cannot make up for npm', async () => {
    await assert.rejects(
      ensureBuildTools(
        () => {},
        world([], () => assert.fail('npm is no package')),
      ),
      /npm is not on PATH/u,
    );
  });
});
