import assert from 'node:assert/strict';
import { decodeRequirementFile } from '../../../../../server/src/hosts/node/files/readRequirementFile.ts';

const latin = Buffer.from('# é\n', 'latin1');

describe('a file that is not in UTF-8', () => {
  const whyOf = (path: string): string => {
    const read = decodeRequirementFile(latin, path);
    return ('why' in read ? read.why : undefined) ?? '';
  };

  it('may name its encoding where something reads that', () => {
    for (const path of ['requirements.txt', 'base.in', 'tools/run.py', 'requirements/Pipfile.txt']) {
      assert.match(whyOf(path), /Save it as UTF-8, or name its encoding in the first line/u, path);
    }
  });

  it('has to be saved as UTF-8 else', () => {
    const paths = [
      'pyproject.toml',
      'uv.lock',
      'Pipfile',
      'a/Pipfile.lock',
      'n.ipynb',
      'env.yml',
      'setup.cfg',
      'web/Dockerfile',
    ];
    for (const path of paths) {
      assert.equal(whyOf(path), 'The file cannot be read as utf-8. Save it as UTF-8.', path);
    }
  });
});
