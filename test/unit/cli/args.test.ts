import assert from 'node:assert/strict';
import { readArguments } from '../../../server/src/cli/args.ts';

describe('command-line arguments', () => {
  it('scans the present folder by default', () => {
    assert.deepEqual(readArguments(['scan']), {
      kind: 'scan',
      paths: ['.'],
      format: 'text',
      output: undefined,
      failOn: 'any',
      osvUrl: 'https://api.osv.dev',
      offline: false,
      database: undefined,
      ignoreFile: undefined,
      cacheDir: undefined,
      cacheTtlMinutes: 60,
      noCache: false,
      redisUrl: undefined,
      indexUrl: 'https://pypi.org/simple',
      fix: false,
      metricsOut: undefined,
      timeoutSeconds: undefined,
      log: 'text',
    });
  });

  it('takes every option', () => {
    const command = readArguments(
      'scan a.txt - --format json --output o.json --fail-on high --osv-url http://127.0.0.1:9/ --timeout 5 --log json'.split(
        ' ',
      ),
    );
    assert.equal(command.kind, 'scan');
    assert.deepEqual(command.kind === 'scan' && [command.paths, command.osvUrl, command.timeoutSeconds], [
      ['a.txt', '-'],
      'http://127.0.0.1:9',
      5,
    ]);
  });

  for (const [argv, expected] of [
    [[], /a command is missing/u],
    [['scna'], /no command "scna"/u],
    [
      ['scan', '--format', 'xml'],
      /--format should be one of text, json, sarif, cyclonedx, openvex, markdown, github, not "xml"/u,
    ],
    [['scan', '--fail-on', 'severe'], /--fail-on should be one of/u],
    [['scan', '--osv-url', 'http://example.org'], /--osv-url should be an https address/u],
    [['scan', '--timeout', 'soon'], /--timeout should be a number/u],
    [['scan', '--bogus'], /bogus/u],
  ] as const) {
    it(`says what is wrong with "${argv.join(' ')}"`, () => {
      const command = readArguments(argv);
      assert.equal(command.kind, 'usageError');
      assert.match(command.kind === 'usageError' ? command.message : '', expected);
    });
  }
});
