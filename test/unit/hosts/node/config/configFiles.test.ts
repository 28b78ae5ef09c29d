import assert from 'node:assert/strict';
import { createConfigFiles } from '../../../../../server/src/hosts/node/config/configFiles.ts';
import type { ReadIgnoreFile } from '../../../../../server/src/hosts/node/config/ignoreFiles.ts';

describe('configurations on disk', () => {
  const filesWith = (name: string, found: ReadIgnoreFile): ReturnType<typeof createConfigFiles> =>
    createConfigFiles({
      presentFolder: '/project',
      isRepository: (folder) => Promise.resolve(folder === '/project'),
      read: (file) => Promise.resolve(file === `/project/${name}` ? found : { kind: 'missing' }),
    });

  for (const name of ['pinwatch.toml', 'pyproject.toml']) {
    it(`may say what is private where the system does not hand out ${name}`, async () => {
      const files = filesWith(name, { error: 'the system reports EIO', mayPass: true });
      const config = await files.nearest('/project/services/a', ['/project']);
      assert.equal(config?.hidesPrivacy, true);
      assert.match(config.problems[0]?.message ?? '', /could not be read: the system reports EIO/u);
    });
  }

  it('are not in a pyproject.toml that is no text file of the project', async () => {
    const files = filesWith('pyproject.toml', { error: 'it is not a regular file' });
    assert.equal(await files.nearest('/project/services/a', ['/project']), undefined);
  });

  it('must be text files of the project under their own name', async () => {
    const files = filesWith('pinwatch.toml', { error: 'it is not a regular file' });
    assert.equal((await files.nearest('/project/services/a', ['/project']))?.hidesPrivacy, true);
  });
});
