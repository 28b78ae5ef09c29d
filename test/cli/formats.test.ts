import assert from 'node:assert/strict';
import { reportFormat, type ReportFormatId, reportFormatIds } from '../../server/src/core/report/formats.ts';
import { run } from '../../server/src/cli/run.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeIo } from '../support/fakeIo.ts';

const vulnerable = {
  aliases: ['CVE-2021-35042'],
  summary: 'SQL injection',
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
};

const expected: Readonly<Record<ReportFormatId, RegExp>> = {
  text: /requirements\.txt:1:9: django 3\.2\.0 has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\)/u,
  concise: /requirements\.txt:1:9: django 3\.2\.0: CVE-2021-35042/u,
  json: /"schemaVersion": 1/u,
  sarif: /"ruleId": "CVE-2021-35042"/u,
  cyclonedx: /"bomFormat": "CycloneDX"/u,
  openvex: /"@context": "https:\/\/openvex\.dev\/ns\/v0\.2\.0"/u,
  markdown: /^## Pinwatch: 1 finding$/mu,
  github: /^::error file=requirements\.txt,line=1,endLine=1,col=9,endColumn=14,title=CVE-2021-35042::/u,
  junit: /<failure type="critical" message="django 3\.2\.0: CVE-2021-35042/u,
};

describe('formats of pinwatch scan', () => {
  let io: FakeIo;

  beforeEach(() => {
    io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', vulnerable);
    io.disk.set('requirements.txt', 'django==3.2.0\nsix==1.16.0\n');
  });

  const scan = (...argv: string[]): Promise<number> => run(['scan', 'requirements.txt', ...argv], io);

  for (const format of reportFormatIds) {
    it(`has ${format}, with the same exit code`, async () => {
      assert.equal(await scan('--format', format), 1);
      assert.match(io.out, expected[format]);
      assert.ok(io.out.endsWith('\n'));
      if (reportFormat(format).kind === 'json') {
        assert.doesNotThrow(() => JSON.parse(io.out) as unknown);
      }
    });

    it(`is written to a file as ${format}, or the exit code says that it was not`, async () => {
      assert.equal(await scan('--output', `${format}=report`), 1);
      assert.match(io.written.get('report') ?? '', expected[format]);
      assert.equal(io.out, '');
      assert.equal(await scan('--output', `${format}=/no/where`), 2);
      assert.match(io.err, /the report could not be written to "\/no\/where": ENOENT/u);
    });

    it(`never looks clean in ${format} when the service is away`, async () => {
      io.source.queryError = new LookupError('offline', 'api.osv.dev could not be reached.');
      assert.equal(await scan('--format', format), 3);
      assert.match(io.out, /could not be (reached|checked)/u);
      assert.doesNotMatch(io.out, /no known vulnerabilities|"executionSuccessful": true/u);
    });
  }

  for (const format of reportFormatIds) {
    it(`names a file that could not be read in ${format}, on standard output and in a file`, async () => {
      io.disk.set('dev.txt', 'six==1.16.0\n');
      io.unreadable.add('dev.txt');
      assert.equal(await run(['scan', 'requirements.txt', 'dev.txt', '--format', format], io), 1);
      assert.match(plain(io.out), /dev\.txt"? could not be read/u);
      assert.match(plain(io.out), /1 line or file not read/u);
      io.out = '';
      assert.equal(await run(['scan', 'requirements.txt', 'dev.txt', '--output', `${format}=report`], io), 1);
      const written = plain(io.written.get('report') ?? '');
      assert.match(written, /dev\.txt"? could not be read/u);
      assert.match(written, /1 line or file not read/u);
    });

    it(`says in ${format} that rules could not be checked, and which`, async () => {
      io.disk.set('pinwatch.toml', '[policy]\nyanked = "error"\n');
      assert.equal(await scan('--index-url', 'none', '--output', `${format}=report`), 1);
      assert.match(plain(io.written.get('report') ?? ''), /package index/u);
    });
  }

  it('replace no file of the scan, and no other report of it', async () => {
    assert.equal(await scan('--output', './requirements.txt'), 2);
    assert.match(io.err, /the report could not be written to "\.\/requirements\.txt": it is a file of this scan/u);
    assert.equal(io.written.has('./requirements.txt'), false);
    assert.equal(await scan('--output', 'json=a/../report', '--output', './report'), 2);
    assert.match(io.err, /the report could not be written to "\.\/report": it has another report of this scan/u);
    assert.equal(await scan('--output', 'report', '--metrics-out', './report'), 2);
    assert.match(io.err, /the metrics could not be written to "\.\/report"/u);
  });

  it('carry the time of the scan', async () => {
    await scan('--format', 'sarif', '--output', 'report.sarif');
    assert.match(io.written.get('report.sarif') ?? '', /"endTimeUtc": "2026-11-21T12:00:00\.000Z"/u);
    assert.equal(io.out, '');
  });

  it('leave room for figures beside them', async () => {
    assert.equal(await scan('--metrics-out', 'pinwatch.prom'), 1);
    const metrics = io.written.get('pinwatch.prom') ?? '';
    assert.match(metrics, /^pinwatch_requirements\{outcome="assessed"\} 2$/mu);
    assert.match(metrics, /^pinwatch_findings\{severity="critical",ignored="false"\} 1$/mu);
    assert.match(io.out, /CVE-2021-35042/u);
  });

  it('say what could not be written, and still report', async () => {
    assert.equal(await scan('--metrics-out', '/no/where.prom'), 2);
    assert.match(io.err, /the metrics could not be written to "\/no\/where\.prom": ENOENT/u);
    assert.match(io.out, /CVE-2021-35042/u);
  });
});

function plain(text: string): string {
  return text.replaceAll('\\', '').replaceAll('&quot;', '"');
}
