import assert from 'node:assert/strict';
import { readArguments } from '../../../server/src/cli/arguments/args.ts';
import { reportFormatIds } from '../../../server/src/core/report/formats.ts';

describe('command-line arguments', () => {
  it('scans the present folder by default', () => {
    assert.deepEqual(readArguments(['scan']), {
      kind: 'scan',
      paths: ['.'],
      outputs: [{ format: 'text', file: undefined }],
      failOn: undefined,
      strict: false,
      maxDataAgeDays: undefined,
      osvUrl: 'https://api.osv.dev',
      offline: false,
      database: undefined,
      config: undefined,
      environments: [],
      scopes: [],
      include: undefined,
      exclude: undefined,
      baseline: undefined,
      vex: [],
      ignoreFile: undefined,
      cacheDir: undefined,
      cacheTtlMinutes: 60,
      cacheMegabytes: 256,
      cacheEntries: 20_000,
      noCache: false,
      redisUrl: undefined,
      indexUrl: 'https://pypi.org/simple',
      fix: false,
      dryRun: false,
      metricsOut: undefined,
      timeoutSeconds: undefined,
      requestTimeoutSeconds: 30,
      concurrency: 250,
      logLevel: 'info',
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

  it('takes limits for requests and for what is kept, and refuses what is none', () => {
    const limits = (...argv: string[]): unknown => {
      const command = readArguments(['scan', ...argv]);
      return command.kind === 'scan'
        ? [command.requestTimeoutSeconds, command.cacheMegabytes, command.cacheEntries]
        : command.kind;
    };
    assert.deepEqual(
      limits('--request-timeout', '0.5', '--cache-size', '16', '--cache-entries', '500'),
      [0.5, 16, 500],
    );
    for (const argv of [
      ['--request-timeout', '0'],
      ['--request-timeout', '301'],
      ['--cache-size', '0.5'],
      ['--cache-size', '65537'],
      ['--cache-entries', '0'],
      ['--cache-entries', 'many'],
    ]) {
      assert.equal(limits(...argv), 'usageError', argv.join(' '));
    }
  });

  it('takes several outputs, each with its own format, and keeps standard output for what no file has', () => {
    const outputs = (...argv: string[]): readonly string[] => {
      const command = readArguments(['scan', ...argv]);
      return command.kind === 'scan'
        ? command.outputs.map(({ format, file }) => `${format}:${file ?? '(stdout)'}`)
        : [JSON.stringify(command)];
    };
    assert.deepEqual(outputs('--format', 'json', '--output', 'o.json'), ['json:o.json']);
    assert.deepEqual(outputs('--output', 'json=a', '--output', 'SARIF=b=c'), ['json:a', 'sarif:b=c']);
    assert.deepEqual(outputs('--format', 'github', '--output', 'sarif=b'), ['sarif:b', 'github:(stdout)']);
    assert.deepEqual(outputs('--output', 'json=a', '--output', '-'), ['json:a', 'text:(stdout)']);
    assert.deepEqual(outputs('--output', './jsn=a'), ['text:./jsn=a']);
    assert.match(outputs('--output', 'jsn=a')[0] ?? '', /there is no format .*jsn/u);
    assert.match(outputs('--output', 'json=')[0] ?? '', /--output should be a file/u);
    assert.match(outputs('--output', 'json=a', '--output', 'text=a')[0] ?? '', /names .*a.* twice/u);
    assert.match(outputs('--output', 'json=-', '--output', '-')[0] ?? '', /twice/u);
  });

  for (const [argv, expected] of [
    [[], /a command is missing/u],
    [['scna'], /no command "scna"/u],
    [
      ['scan', '--format', 'xml'],
      new RegExp(`--format should be one of ${reportFormatIds.join(', ')}, not "xml"`, 'u'),
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
