import assert from 'node:assert/strict';
import { scanMetrics } from '../../../../../server/src/core/report/formats/metrics.ts';
import { cleanReport, context, fullReport } from '../../../../support/reportFixture.ts';

const origin = { version: '1.2.3', repository: undefined };

describe('metrics of a scan', () => {
  const samples = (text: string): ReadonlyMap<string, string> =>
    new Map(
      text
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
    );

  it('count outcomes, findings, requests and time', () => {
    const found = samples(scanMetrics(fullReport(), { ...origin, time: context.time }));
    for (const [name, value] of [
      ['pinwatch_requirements{outcome="assessed"}', '4'],
      ['pinwatch_requirements{outcome="failed"}', '1'],
      ['pinwatch_requirements{outcome="skipped"}', '1'],
      ['pinwatch_findings{severity="critical",ignored="false"}', '1'],
      ['pinwatch_findings{severity="medium",ignored="true"}', '1'],
      ['pinwatch_findings{severity="medium",ignored="false"}', '0'],
      ['pinwatch_cache_hits_total', '1'],
      ['pinwatch_osv_requests_total{endpoint="vulns"}', '2'],
      ['pinwatch_scan_duration_seconds_sum', '1.5'],
      ['pinwatch_scan_timestamp_seconds', String(Date.parse(context.time) / 1000)],
      ['pinwatch_scan_complete', '0'],
    ]) {
      assert.equal(found.get(name ?? ''), value, name);
    }
    assert.equal(
      samples(scanMetrics(cleanReport(), { ...origin, time: context.time })).get('pinwatch_scan_complete'),
      '1',
    );
  });

  it('are in the exposition format: help and type before the samples of each name', () => {
    const lines = scanMetrics(fullReport(), { ...origin, time: context.time })
      .trimEnd()
      .split('\n');
    let name = '';
    for (const line of lines) {
      const head = /^# (HELP|TYPE) (\S+) /u.exec(line);
      name = head?.[1] === 'HELP' ? (head[2] ?? '') : name;
      assert.ok(
        head !== null ? head[2] === name : new RegExp(`^${name}(_sum|_count)?(\\{[^}]*\\})? [0-9.]+$`, 'u').test(line),
        line,
      );
    }
  });

  it('has the name of the repository on every sample, with what it needs of escapes', () => {
    const text = scanMetrics(fullReport(), { ...origin, time: context.time, repository: 'acme/"shop"' });
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    assert.ok(lines.every((line) => line.includes('repository="acme/\\"shop\\""')));
    assert.ok(lines.includes('pinwatch_build_info{repository="acme/\\"shop\\"",version="1.2.3"} 1'));
  });
});
