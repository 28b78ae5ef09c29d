import assert from 'node:assert/strict';
import fc from 'fast-check';
import { coverSecrets, maskSecrets, showCovered } from '../../../../server/src/core/text/maskSecrets.ts';

const token = 'S3CRETTOK';

describe('masking of secrets', () => {
  for (const [text, expected] of [
    [`https://user:${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://me@corp.example:${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://me%40corp.example:${token}@host.example:8080/a`, 'https://***@host.example:8080/a'],
    [`https://m\u00e9:${token}\u00fc@host.example/a`, 'https://***@host.example/a'],
    [`https://me/x:${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://me:${token}/x@host.example/a`, 'https://***@host.example/a'],
    [`https://me:12/${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://me?x:${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://me#x:${token}@host.example/a`, 'https://***@host.example/a'],
    [`https://me\\x:${token}@host.example/a`, 'https://***@host.example/a'],
    [`https:\\\\me:${token}@host.example\\a`, 'https:\\\\***@host.example\\a'],
    [`https://me x:${token} y@host.example/a`, 'https://***@host.example/a'],
    [`https:/me:${token}@host.example/a`, 'https:/***@host.example/a'],
    [`//me:${token}@host.example/a`, '***@host.example/a'],
    [`https://me:${token}@[::1]:80/a`, 'https://***@[::1]:80/a'],
    [`https://me:${token}`, 'https://***'],
    [`https://host.example:${token}/a`, 'https://host.example:***/a'],
    [`https://me:${token}@https://host.example/a`, 'https://***@https://host.example/a'],
    [`git+https://${token}@host.example/r.git@v1.0#egg=a`, 'git+https://***@host.example/r.git@v1.0#egg=a'],
    [`git+https://me/x:${token}@host/r.git@v1.0`, 'git+https://***@host/r.git@v1.0'],
    [`me:${token}@host.example:org/r.git`, '***@host.example:org/r.git'],
    [`--proxy=me:${token}@host:80`, '--proxy=***@host:80'],
    [`https://host.example/a?token=${token}`, 'https://host.example/a?token=***'],
    [`https://host.example/a?${token}`, 'https://host.example/a?***'],
    [`https://host.example/a?x=1&sig=${token}#egg=a`, 'https://host.example/a?x=***&sig=***#egg=a'],
    [`https://host.example/a#auth=${token}`, 'https://host.example/a#auth=***'],
    [`https://host.example/a?${token}==`, 'https://host.example/a?***'],
    [`https://host.example/a?x=1&${token}=`, 'https://host.example/a?x=***&***'],
    [`'https://host.example/a#${token}'>=1`, "'https://host.example/a#***"],
    [`//me:${token}@host.example/a?x=${token}`, '***@host.example/a?x=***'],
    [`https://host.example/a#egg=a?b=${token}`, 'https://host.example/a#egg=a?b=***'],
    [
      `-i https://a.example/simple --extra-index-url https://u:${token}@b.example`,
      '-i https://a.example/simple --extra-index-url https://***@b.example',
    ],
    [`foo@https://u:${token}@host.example/a`, 'foo@https://***@host.example/a'],
  ] as const) {
    it(`hides what is secret in ${text}`, () => {
      assert.equal(maskSecrets(text), expected);
      assert.equal(maskSecrets(expected), expected);
      assert.equal(showCovered(coverSecrets(text)), expected);
      assert.equal(coverSecrets(text).length, text.length);
    });
  }

  for (const text of [
    'https://host.example/a.whl#sha256=0123abcd',
    'git+ssh://git@host.example/r.git@v1.0#egg=a&subdirectory=b/c',
    'git@host.example:org/r.git',
    'git+git@host.example:org/r.git@v1#egg=a',
    'git+https://host/r.git@main',
    'https://host.example/foo@1.2.3/x.whl',
    'https://host/@scope/pkg',
    'C:/Users/me@corp.example/requirements.txt',
    'svc/me@corp.example/requirements.txt:3:1: a',
    'pkg:pypi/django@1.0',
    'http://127.0.0.1:8080/simple',
    "foo @ https://host.example/a ; python_version < '3'",
    'file:///home/a/b.txt',
    '',
  ]) {
    it(`leaves ${JSON.stringify(text)} as it is`, () => {
      assert.equal(maskSecrets(text), text);
    });
  }

  it('hides a user without a password only where a line says that it is one', () => {
    assert.equal(showCovered(coverSecrets(`-r ${token}@host.example/base.txt`)), '-r ***@host.example/base.txt');
  });

  it('finds the password whatever stands around it, and twice is once', () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'B', '1', ':', '/', '#', '?', '@', '%40', '.', '-', '&', '=', '\u00e9'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(part, part, fc.constantFrom('https://', 'git+https://', 'http://', 'rediss://'), (a, b, scheme) => {
        const text = `${scheme}u${a}:${token}${b}@host.example/path/base.txt`;
        const masked = maskSecrets(text);
        assert.ok(!masked.includes(token), `${text} -> ${masked}`);
        assert.ok(masked.includes('host.example'), `${text} -> ${masked}`);
        assert.equal(maskSecrets(masked), masked);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes time that grows with the text alone', () => {
    for (const text of ['a:b@', 'a://', 'a:b@c ', 'x:y', '@', 'https://a?b&c@d ', '://', 'a@ ']) {
      const [short, long] = [4_000, 40_000].map((count) => text.repeat(count));
      assert.ok(maskSecrets(short ?? '').length <= maskSecrets(long ?? '').length);
      coverSecrets(long ?? '');
    }
  }).timeout(5_000);
});
