import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeIo } from '../support/fakeIo.ts';

const cvss = (score: string) => ({ severity: [{ type: 'CVSS_V3', score }] });
const critical = cvss('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H');
const medium = cvss('CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N');

interface Way {
  /** What the fake service knows: `bad==1` critical, `mid==1` medium, `evil==1` malicious, `unrated==1` unknown. */
  readonly requirements?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly prepare?: (io: FakeIo) => void;
  readonly code: number;
}

const away = (io: FakeIo): void => {
  io.source.queryError = new LookupError('offline', 'api.osv.dev could not be reached.');
};

/** Every way out of `pinwatch scan`. The first that holds wins: 2, then 1, then 3, then 4. */
const ways: Readonly<Record<string, Way>> = {
  'all is clean': { requirements: 'good==1\n', code: 0 },
  'something is skipped beside what is clean': { requirements: 'good==1\n-e ./own\n', code: 0 },
  'what is found is below the threshold': { requirements: 'mid==1\n', argv: ['--fail-on', 'high'], code: 0 },
  'what is found does not count': { requirements: 'bad==1\n', argv: ['--fail-on', 'none'], code: 0 },
  'what is found is ignored': {
    requirements: 'bad==1\n',
    files: { 'osv-scanner.toml': '[[IgnoredVulns]]\nid = "CVE-1"\n' },
    code: 0,
  },
  'a found ignore file is broken, and ignores nothing': {
    requirements: 'good==1\n',
    files: { 'osv-scanner.toml': '[[' },
    code: 0,
  },
  'the configuration sets the threshold': {
    requirements: 'mid==1\n',
    files: { 'pinwatch.toml': 'fail-on = "high"\n' },
    code: 0,
  },
  'only a warning of the rules': {
    requirements: 'good==1\n',
    files: { 'pinwatch.toml': '[policy.packages]\nlevel = "warning"\ndeny = ["good"]\n' },
    code: 0,
  },

  'something is vulnerable': { requirements: 'mid==1\n', code: 1 },
  'something is at the threshold': { requirements: 'bad==1\n', argv: ['--fail-on', 'critical'], code: 1 },
  'something is malicious, whatever the threshold': {
    requirements: 'evil==1\n',
    argv: ['--fail-on', 'critical'],
    code: 1,
  },
  'the severity is not known': { requirements: 'unrated==1\n', argv: ['--fail-on', 'critical'], code: 1 },
  'a rule is broken': {
    requirements: 'good==1\n',
    files: { 'pinwatch.toml': '[policy.packages]\nlevel = "error"\ndeny = ["good"]\n' },
    code: 1,
  },
  'something is found and something cannot be read': { requirements: 'bad==1\n-r gone.txt\n', code: 1 },
  'a malicious package is ignored as a whole': {
    requirements: 'evil==1\n',
    files: {
      'osv-scanner.toml': '[[PackageOverrides]]\nname = "evil"\necosystem = "PyPI"\nignore = true\n',
    },
    code: 1,
  },

  'an option is unknown': { requirements: 'good==1\n', argv: ['--nope'], code: 2 },
  'a path is missing': { argv: ['gone.txt'], code: 2 },
  'a glob fits nothing': { argv: ['gone/*.txt'], code: 2 },
  'the configuration has a mistake': {
    requirements: 'bad==1\n',
    files: { 'pinwatch.toml': 'fail-on = "hi"\n' },
    code: 2,
  },
  'a licence id is misspelt': {
    requirements: 'good==1\n',
    files: { 'pinwatch.toml': '[policy.licenses]\nallow = ["MITT"]\n' },
    code: 2,
  },
  'the named configuration is missing': { requirements: 'bad==1\n', argv: ['--config', 'gone.toml'], code: 2 },
  'the baseline is none': {
    requirements: 'bad==1\n',
    files: { 'b.json': '{}' },
    argv: ['--baseline', 'b.json'],
    code: 2,
  },
  'the VEX document is none': {
    requirements: 'bad==1\n',
    files: { 'v.json': '{}' },
    argv: ['--vex', 'v.json'],
    code: 2,
  },
  'the named ignore file is broken': {
    requirements: 'bad==1\n',
    files: { 'i.toml': '[[' },
    argv: ['--ignore-file', 'i.toml'],
    code: 2,
  },
  'the report cannot be written': { requirements: 'bad==1\n', argv: ['--output', '/no/where'], code: 2 },
  'the metrics cannot be written': { requirements: 'bad==1\n', argv: ['--metrics-out', '/no/where'], code: 2 },
  'standard input is to be fixed': { argv: ['-', '--fix'], code: 2 },

  'the service is away': { requirements: 'good==1\n', prepare: away, code: 3 },
  'the service is away, and nothing counts': {
    requirements: 'good==1\n',
    argv: ['--fail-on', 'none'],
    prepare: away,
    code: 3,
  },
  'nothing could be assessed': { requirements: '-e ./own\n', code: 3 },
  'a line cannot be read': { requirements: 'good==1\n???\n', code: 3 },
  'an included file cannot be read': { requirements: 'good==1\n-r gone.txt\n', code: 3 },
  'a file cannot be read': {
    requirements: 'good==1\n',
    prepare: (io) => void io.unreadable.add('requirements.txt'),
    code: 3,
  },
  'something is skipped, with --strict': { requirements: 'good==1\n-e ./own\n', argv: ['--strict'], code: 3 },
  'the rules cannot be checked': {
    requirements: 'good==1\n',
    files: { 'pinwatch.toml': '[policy.licenses]\nallow = ["MIT"]\n' },
    code: 3,
  },
  'it is interrupted': { requirements: 'good==1\n', prepare: (io) => io.interrupt(), code: 3 },

  'there are no requirements': { requirements: '# nothing\n', code: 4 },
  'there are no requirements, with --strict': { requirements: '', argv: ['--strict'], code: 4 },
};

describe('the exit code of pinwatch scan', () => {
  for (const [name, { requirements, files = {}, argv = [], prepare, code }] of Object.entries(ways)) {
    it(`is ${code} where ${name}`, async () => {
      const io = new FakeIo();
      io.source.add('bad==1', 'CVE-1', critical);
      io.source.add('mid==1', 'CVE-2', medium);
      io.source.add('evil==1', 'MAL-1', {});
      io.source.add('unrated==1', 'CVE-3', {});
      if (requirements !== undefined) io.disk.set('requirements.txt', requirements);
      Object.entries(files).forEach(([path, text]) => io.disk.set(path, text));
      prepare?.(io);
      const paths = argv.some((one) => !one.startsWith('-') && /^gone.*txt$/u.test(one)) || argv.includes('-');
      assert.equal(await run(['scan', ...(paths ? [] : ['requirements.txt']), ...argv], io), code, io.err);
    });
  }
});
