import assert from 'node:assert/strict';
import { nothingDecided } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import { packageRemarks, type PackageRule } from '../../../../server/src/core/rules/packageRemarks.ts';
import { placeRequirements, rememberedTargets } from '../../../../server/src/core/assessment/placeRequirements.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

/** Level and message of what the rules say of the lines, in order. */
function said(text: string, ...rules: readonly PackageRule[]): readonly string[] {
  const isPrivate = (name: string): boolean => name === 'secret';
  const { requirements } = placeRequirements(pipKind.parse(text), rememberedTargets(isPrivate, nothingDecided));
  const remarksOn = packageRemarks(rules);
  return requirements.flatMap((one) => remarksOn(one).map(({ level, message }) => `${level}: ${message}`));
}

const levels = (text: string, versions: string): readonly string[] =>
  said(text, { package: 'django', versions }).map((one) => one.replace(/:.*/u, ''));

describe('policy of packages', () => {
  it('says that a package is not wanted, whatever its version, and why', () => {
    const rule: PackageRule = { package: 'PyCrypto', reason: 'use cryptography' };
    const message = (what: string): string =>
      `error: ${what} is not allowed by pinwatch.policy.packages (PyCrypto). use cryptography.`;
    const lines = ['pycrypto==2.6.1', 'pycrypto>=2', 'pycrypto', 'cryptography==44.0'];
    assert.deepEqual(
      lines.flatMap((line) => said(`${line}\n`, rule)),
      [message('pycrypto 2.6.1'), message('pycrypto >=2'), message('pycrypto (any version)')],
    );
    assert.equal(said('pycrypto @ https://x.example/p.whl\n', rule).length, 1, 'from a URL too');
  });

  it('compares names as packages are compared, with * for the rest', () => {
    const rule: PackageRule = { package: 'Evil_Corp.*', level: 'warning' };
    assert.equal(said('evil-corp-tools==1\nEVIL.corp_x==1\nevil==1\n', rule).length, 2);
  });

  it('is about the versions that it names, of a pin', () => {
    assert.deepEqual(levels('django==4.1\n', '<4.2'), ['error']);
    assert.deepEqual(levels('django==4.2\n', '<4.2'), []);
    assert.deepEqual(levels('django==4.2rc1\n', '>=4.2rc1,<5'), ['error']);
  });

  it('tells a range that may get an unwanted version from one that can get nothing else', () => {
    assert.deepEqual(levels('django>=3\n', '<4.2'), ['information']);
    assert.deepEqual(levels('django\n', '<4.2'), ['information']);
    assert.deepEqual(levels('django<4\n', '<4.2'), ['error']);
    assert.deepEqual(levels('django~=5.0\n', '<4.2'), []);
    assert.deepEqual(levels('django<4\n', '===1.0'), ['information'], 'compared as text, so nobody knows');
  });

  it('says that it cannot tell where the version is not known, and never that it is fine', () => {
    const [url, ...rest] = said('django @ https://x.example/d.whl\n', { package: 'django', versions: '<4.2' });
    assert.match(url ?? '', /^information: django .*may be a version that/u);
    assert.deepEqual(rest, []);
  });

  it('holds for private packages: it asks nobody', () => {
    const rule: PackageRule = { package: 'secret', versions: '<2' };
    assert.match(said('secret==1.5\n', rule)[0] ?? '', /^error/u);
    assert.deepEqual(said('secret==2.5\n', rule), []);
  });

  it('counts for every version where its versions cannot be read', () => {
    const [one] = said('django==9\n', { package: 'django', versions: '<four' });
    assert.match(one ?? '', /^error: .*no PEP 440 specifier, so it counts for every version\.$/u);
  });

  it('makes hostile text harmless', () => {
    const [one] = said('x==1\n', { package: 'x', reason: 'a\u202eb\nc' });
    assert.doesNotMatch(one ?? '', /[\u202e\n]/u);
  });
});
