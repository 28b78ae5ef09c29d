import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';
import { text } from 'node:stream/consumers';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');
const workspace = path.resolve(import.meta.dirname, '../fixtures/workspace');

describe('pinwatch as a process', function () {
  this.timeout(20_000);
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  afterEach(() => service.reset());

  async function pinwatch(args: readonly string[], stdin = ''): Promise<{ code: number; out: string; err: string }> {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(stdin);
    const [[code], out, err] = await Promise.all([
      once(child, 'exit') as Promise<[number]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, out, err };
  }

  it('scans a folder and exits with what it found', async () => {
    const { code, out, err } = await pinwatch(['scan', '--osv-url', service.url, workspace]);
    assert.equal(code, 1, err);
    assert.match(
      out,
      /requirements\.txt:2:9: django 3\.2\.0 has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\)\n {4}Fix: django==3\.2\.5\n/u,
    );
    assert.match(
      out,
      /7 requirements in 4 files, 2 vulnerable \(3 findings\), 0 could not be checked, 0 not assessed/u,
    );
    assert.equal(service.traffic.requests.querybatch, 1);
    assert.equal(service.traffic.requests.query, 2); // django and requests, each as a whole
    assert.equal(service.traffic.requests.vulns, 0);
  });

  it('scans standard input', async () => {
    const { code } = await pinwatch(['scan', '--osv-url', service.url, '-'], 'six==1.16.0\n');
    assert.equal(code, 0);
  });

  it('exits with 3 when the service is broken, and says why', async () => {
    service.faults.set('all', { kind: 'html', status: 200 });
    const { code, out } = await pinwatch(['scan', '--osv-url', service.url, '-'], 'six==1.16.0\n');
    assert.equal(code, 3);
    assert.match(out, /could not be checked \(badResponse: 127\.0\.0\.1:\d+ sent something that is not JSON\.\)/u);
  });

  for (const [what, statement] of [
    ['an error that nobody caught', 'throw new Error("late")'],
    ['a rejection that nobody caught', 'Promise.reject(new Error("late"))'],
  ] as const) {
    it(`exits with 3 and one line for ${what}`, async () => {
      service.faults.set('all', { kind: 'stall' });
      const preload = `data:text/javascript,setTimeout(()=>{${statement}},1500)`;
      const args = ['--import', preload, main, 'scan', '--osv-url', service.url, '-'];
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] });
      child.stdin.end('six==1.16.0\n');
      const [[code], err] = await Promise.all([once(child, 'exit') as Promise<[number]>, text(child.stderr)]);
      assert.equal(code, 3);
      assert.match(err, /^pinwatch: an error of pinwatch itself: Error: late [^\n]*\n$/u);
    });
  }

  it('exits with 3 where it ends before its work is done', async () => {
    // Nothing is left that the process would wait for.
    const preload = `data:text/javascript,process.stdin.unref();process.stdin[Symbol.asyncIterator]=()=>({next:()=>new Promise(()=>{})})`;
    const child = spawn(process.execPath, ['--import', preload, main, 'scan', '-'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    const [[code], err] = await Promise.all([once(child, 'exit') as Promise<[number]>, text(child.stderr)]);
    assert.equal(code, 3);
    assert.match(err, /it ended before its work was done/u);
  });

  it('gives up after --timeout and keeps no one waiting', async () => {
    service.faults.set('all', { kind: 'stall' });
    const { code, out } = await pinwatch(['scan', '--timeout', '0.3', '--osv-url', service.url, '-'], 'six==1.16.0\n');
    assert.equal(code, 3);
    assert.match(out, /took longer than 0\.3 s/u);
  });

  it('reports what was named when the time is up before the details have come', async () => {
    service.faults.set('query', { kind: 'stall' });
    service.faults.set('vulns', { kind: 'stall' });
    const args = ['scan', '--timeout', '3', '--format', 'json', '--fail-on', 'critical', '--osv-url', service.url, '-'];
    const { code, out } = await pinwatch(args, 'django==3.2.0\nsix==1.16.0\nrequests>=2\n');
    assert.equal(code, 1);
    const { files } = JSON.parse(out) as {
      files: { requirements: { outcome: string; findings: { id: string }[] }[] }[];
    };
    assert.deepEqual(
      files[0]?.requirements.map(({ outcome, findings }) => [outcome, findings.map(({ id }) => id).sort()]),
      [
        ['assessed', ['GHSA-xpfp-f569-q3p2', 'PYSEC-2021-109']],
        ['assessed', []],
        ['failed', []],
      ],
    );
  });

  it('reports what the first page named when the second one fails, in every format', async function () {
    this.timeout(120_000); // many processes
    for (const format of reportFormatIds) {
      service.reset();
      service.faults.set('querybatch', { kind: 'pageSize', records: 1 });
      service.faults.set('querybatch', { kind: 'status', status: 404 }, { skip: 1 });
      const args = ['scan', '--format', format, '--osv-url', service.url, '--index-url', 'none', '-'];
      const { code, out, err } = await pinwatch(args, 'django==3.2.0\nsix==1.16.0\n');
      assert.equal(code, 1, format + err);
      assert.match(out, /PYSEC-2021-109|GHSA-xpfp-f569-q3p2|CVE-2021-35042/u, format);
      assert.match(out, format === 'openvex' ? /./u : /brok(?:e |en)?off|not checked to the end/iu, format);
      service.reset();
      service.faults.set('querybatch', { kind: 'pageSize', records: 1 });
      service.faults.set('querybatch', { kind: 'status', status: 404 }, { skip: 1 });
      const lenient = await pinwatch([...args, '--fail-on', 'none'], 'django==3.2.0\nsix==1.16.0\n');
      assert.equal(lenient.code, 3, format);
    }
  });
});
