import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './nodes.ts';

type Manifest = Readonly<Record<string, unknown>>;
interface ManifestModule {
  manifestForNpm(ofExtension: Manifest, env: NodeJS.ProcessEnv): Manifest;
}

describe('the manifest of the npm package', () => {
  const ofExtension = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  let module: ManifestModule;
  before(async () => {
    module = (await import(pathToFileURL(path.join(root, 'tools', 'npmManifest.ts')).href)) as ManifestModule;
  });

  it('has nothing of the extension, no scripts and no dependencies', () => {
    const keys = Object.keys(module.manifestForNpm(ofExtension, {}));
    assert.deepEqual(keys, ['name', 'version', 'description', 'license', 'keywords', 'bin', 'engines']);
  });

  it('names the repository where a release runs in one, which npm compares for the provenance', () => {
    const env = { GITHUB_SERVER_URL: 'https://example.org', GITHUB_REPOSITORY: 'some/where' };
    const { repository } = module.manifestForNpm(ofExtension, env);
    assert.deepEqual(repository, { type: 'git', url: 'git+https://example.org/some/where.git' });
  });

  it('leaves the one of the repository private, so that no one publishes it by mistake', () => {
    assert.deepEqual(
      [ofExtension['private'], ofExtension['dependencies'], ofExtension['files']],
      [true, undefined, undefined],
    );
  });
});
