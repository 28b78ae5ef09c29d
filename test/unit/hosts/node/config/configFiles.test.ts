import assert from 'node:assert/strict';
import { createConfigFiles } from '../../../../../server/src/hosts/node/config/configFiles.ts';

describe('configurations on disk', () => {
  for (const name of ['pinwatch.toml', 'pyproject.toml']) {
    it(`may say what is private where ${name} cannot be read`, async () => {
      const files = createConfigFiles({
        presentFolder: '/project',
        isRepository: (folder) => Promise.resolve(folder === '/project'),
        read: (file) =>
          Promise.resolve(
            file === `/project/${name}` ? { error: 'it is not a regular file' } : ({ kind: 'missing' } as const),
          ),
      });
      const config = await files.nearest('/project/services/a', ['/project']);
      assert.equal(config?.hidesPrivacy, true);
      assert.match(config.problems[0]?.message ?? '', /could not be read: it is not a regular file/u);
    });
  }
});
