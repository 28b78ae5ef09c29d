import type { CliEnvironment, ScanArguments } from '../../server/src/cli/arguments/command.ts';
import assert from 'node:assert/strict';
import { readArguments } from '../../server/src/cli/arguments/args.ts';
import { helpText } from '../../server/src/cli/arguments/help.ts';
import { shortHelpText } from '../../server/src/cli/arguments/shortHelp.ts';
import { options } from '../../server/src/cli/arguments/options.ts';
import { run } from '../../server/src/cli/run.ts';
import { FakeIo } from '../support/fakeIo.ts';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';

function scanOptions(argv: string, environment: CliEnvironment = {}): ScanArguments {
  const command = readArguments(['scan', ...argv.split(' ').filter((part) => part !== '')], environment);
  return command.kind === 'scan' ? command : assert.fail(JSON.stringify(command));
}

function mistake(argv: readonly string[], environment: CliEnvironment = {}): string {
  const command = readArguments(argv, environment);
  return command.kind === 'usageError' ? command.message : assert.fail(JSON.stringify(command));
}

describe('options of pinwatch', () => {
  it('say where answers are kept', () => {
    const { cacheDir, cacheTtlMinutes, noCache } = scanOptions('--cache-dir /c --cache-ttl 5');
    assert.deepEqual([cacheDir, cacheTtlMinutes, noCache], ['/c', 5, false]);
    assert.equal(scanOptions('--no-cache').noCache, true);
    assert.equal(
      scanOptions('--no-cache --cache-dir /c').cacheDir,
      undefined,
      'a script may set one and its caller the other',
    );
  });

  it('take Redis from the environment too; the option wins, --no-cache leaves it alone', () => {
    const environment = { PINWATCH_REDIS_URL: 'redis://team:6379/1' };
    assert.equal(scanOptions('', environment).redisUrl, 'redis://team:6379/1');
    assert.equal(scanOptions('--redis-url rediss://u:p@host', environment).redisUrl, 'rediss://u:p@host');
    assert.equal(scanOptions('--no-cache', environment).redisUrl, undefined);
    assert.equal(scanOptions('--no-cache --redis-url redis://a').redisUrl, undefined);
    assert.equal(scanOptions('', { PINWATCH_REDIS_URL: '' }).redisUrl, undefined);
  });

  it('that are mistyped are named, without advice on something else', () => {
    assert.equal(mistake(['scan', '--fromat', 'json']), `Unknown option '--fromat'; see "pinwatch --help"`);
  });

  it('never repeat a password', () => {
    for (const argv of [
      ['scan', '--redis-url', 'http://u:secret@host'],
      ['scan', '--redis-url', 'redis://u:secret@ho st'],
      ['scan', '--osv-url', 'https://u:secret@host'],
      ['scan', '--index-url', 'https://u:secret@host/simple'],
    ]) {
      assert.doesNotMatch(mistake(argv), /secret/u, argv.join(' '));
    }
    const message = mistake(['scan'], { PINWATCH_REDIS_URL: 'http://u:secret@host' });
    assert.match(message, /^PINWATCH_REDIS_URL should be/u);
    assert.doesNotMatch(message, /secret/u);
  });

  it('name the package index, which is not asked offline unless it is named', () => {
    assert.equal(scanOptions('').indexUrl, 'https://pypi.org/simple');
    assert.equal(scanOptions('--index-url none').indexUrl, undefined);
    assert.equal(scanOptions('--index-url http://127.0.0.1:9/simple/').indexUrl, 'http://127.0.0.1:9/simple');
    assert.equal(scanOptions('--offline').indexUrl, undefined);
    assert.equal(scanOptions('--database /d').indexUrl, undefined);
    assert.equal(scanOptions('--offline --index-url https://i.example').indexUrl, 'https://i.example');
  });

  it('take --fix for files only', () => {
    assert.equal(scanOptions('--fix a.txt').fix, true);
    assert.match(mistake(['scan', '--fix', '-']), /cannot change standard input/u);
  });

  for (const [argv, expected] of [
    [['--format', 'xml'], new RegExp(`--format should be one of ${reportFormatIds.join(', ')}, not "xml"`, 'u')],
    [['--index-url', 'http://example.org'], /--index-url should be an https address .* or none, not/u],
    [['--cache-ttl', '0'], /--cache-ttl should be a number of minutes above 0/u],
    [['--cache-ttl', 'Infinity'], /--cache-ttl should be a number of minutes/u],
    [['--timeout', '99999999'], /--timeout should be a number of seconds above 0, at most 86400/u],
    [['--timeout='], /--timeout should be a number/u],
    [['--cache-dir='], /--cache-dir should be a folder, not ""/u],
    [['--ignore-file='], /--ignore-file should be a file/u],
    [['--metrics-out='], /--metrics-out should be a file/u],
    [['--redis-url='], /--redis-url should be an address such as redis:/u],
    [['--log', 'xml'], /--log should be text or json/u],
  ] as const) {
    it(`say what is wrong with "${argv.join(' ')}"`, () => {
      assert.match(mistake(['scan', ...argv]), expected);
    });
  }

  it('are all in the help', async () => {
    const io = new FakeIo();
    for (const argv of [['--help'], ['scan', '--help'], ['help', 'db']]) {
      io.out = '';
      assert.equal(await run(argv, io), 0);
      for (const option of Object.keys(options)) {
        assert.match(io.out, new RegExp(`--${option}\\b`, 'u'));
      }
      assert.ok(io.out.split('\n').every((line) => line.length <= 120));
    }
  });

  it('fit on one screen, of which the rest is explained by the full help', async () => {
    const short = new FakeIo();
    await run(['help'], short);
    assert.equal(short.out, shortHelpText);
    const lines = short.out.split('\n');
    assert.ok(lines.length <= 40, `${lines.length} lines`);
    assert.ok(lines.every((line) => line.length <= 88));
    assert.match(short.out, /pinwatch scan --help +explain every command and option/u);
    for (const argv of [
      ['help', 'scan'],
      ['scan', '--help'],
      ['db', '-h'],
    ]) {
      const full = new FakeIo();
      await run(argv, full);
      assert.equal(full.out, helpText);
    }
  });

  it('reach the engine', async () => {
    const io = new FakeIo();
    io.environment.PINWATCH_REDIS_URL = 'redis://team';
    io.disk.set('r.txt', 'six==1.16.0\n');
    assert.equal(await run(['scan', 'r.txt', '--cache-dir', '/c'], io), 0);
    assert.deepEqual([io.engines[0]?.redisUrl, io.engines[0]?.cacheDir], ['redis://team', '/c']);
  });
});

describe('pinwatch cache', () => {
  let io: FakeIo;
  let cleared: string[];

  beforeEach(() => {
    io = new FakeIo();
    cleared = [];
    io.cache = {
      stats: (folder) =>
        Promise.resolve(
          folder === '/bad'
            ? { entries: 0, bytes: 0, rejected: 0, trouble: 'the file is damaged' }
            : { entries: 12, bytes: 3 * 1024 * 1024, rejected: 0, trouble: undefined },
        ),
      clear: (folder) => {
        cleared.push(folder);
        return Promise.resolve({ entries: 12, bytes: 0, rejected: 0, trouble: undefined });
      },
    };
  });

  it('shows the figures of the folder that is named', async () => {
    assert.equal(await run(['cache', 'stats'], io), 2);
    assert.match(io.err, /--cache-dir DIR/u);
    assert.equal(await run(['cache', 'stats', '--cache-dir', '/home/me/.cache/pinwatch'], io), 0);
    assert.equal(io.out, 'Cache: /home/me/.cache/pinwatch\n12 entries, 3.0 MB\n');
    io.out = '';
    assert.equal(await run(['cache', 'stats', '--cache-dir', '/c', '--format', 'json'], io), 0);
    assert.deepEqual(JSON.parse(io.out), { folder: '/c', entries: 12, bytes: 3145728, rejected: 0, trouble: null });
  });

  it('clears, and says how much', async () => {
    assert.equal(await run(['cache', 'clear', '--cache-dir', '/c'], io), 0);
    assert.deepEqual(cleared, ['/c']);
    assert.equal(io.out, 'Removed 12 entries from /c\n');
  });

  it('says what is wrong', async () => {
    assert.equal(await run(['cache', 'stats', '--cache-dir', '/bad'], io), 2);
    assert.match(io.err, /"\/bad" cannot be used: the file is damaged/u);
    for (const argv of [
      ['cache'],
      ['cache', 'drop'],
      ['cache', 'stats', 'x'],
      ['cache', 'stats', '--format', 'sarif'],
    ]) {
      assert.equal(await run(argv, io), 2);
    }
    assert.match(io.err, /write "pinwatch cache stats" or "pinwatch cache clear"/u);
    assert.match(io.err, /--format should be text or json, not "sarif"/u);
  });
});
