import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { scanMetrics } from '../../../server/src/core/report/formats/metrics.ts';
import { fullReport } from '../../support/reportFixture.ts';

const folder = path.resolve(import.meta.dirname, '../../../docs/operations');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const documented = new Set([...read('metrics.md').matchAll(/^\| `(pinwatch_\w+)`/gmu)].map(([, name]) => name));

/** Names of samples, without what a histogram or a summary adds. */
const metricsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bpinwatch_[a-z0-9_]+/gu)].map(([name]) => name.replace(/_(bucket|sum|count)$/u, ''));

describe('pages for operators', () => {
  for (const name of ['prometheus-rules.yml', 'grafana-dashboard.json', 'playbook.md', 'tuning.md']) {
    it(`name no metric that there is not: ${name}`, () => {
      assert.deepEqual(
        metricsIn(read(name)).filter((metric) => !documented.has(metric)),
        [],
      );
    });
  }

  it('have a part of the playbook for each alert', () => {
    const headings = [...read('playbook.md').matchAll(/^## (.+)$/gmu)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    );
    const linked = [...read('prometheus-rules.yml').matchAll(/playbook: playbook\.md#(\S+)/gu)].map(([, to]) => to);
    assert.ok(linked.length >= 10);
    assert.deepEqual(
      linked.filter((to) => to === undefined || !headings.includes(to)),
      [],
    );
  });

  it('pin every image', () => {
    const images = [...read('compose.yml').matchAll(/^ +image: (\S+)$/gmu)].map(([, image]) => image);
    assert.equal(images.length, 3);
    images.forEach((image) => assert.match(image ?? '', /:v?\d+\.\d+\.\d+$/u));
  });

  describe('in the eyes of Prometheus', function () {
    this.timeout(60_000);
    const promtool = (args: readonly string[], input?: string): { status: number | null; said: string } => {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8', input });
      return { status, said: `${stdout}${stderr}` };
    };
    before(function () {
      if (promtool(['--version']).status !== 0) {
        console.log('      skipped: there is no promtool on this machine');
        this.skip();
      }
    });

    it('the rules are right, and each alert fires and clears', () => {
      for (const args of [
        ['check', 'rules', 'prometheus-rules.yml'],
        ['test', 'rules', 'prometheus-rules.test.yml'],
      ]) {
        const { status, said } = promtool(args);
        assert.equal(status, 0, said);
      }
    });

    it('the metrics of a scan are right', () => {
      const text = scanMetrics(fullReport(), {
        time: '2026-11-28T12:00:00Z',
        version: '1.2.3',
        repository: 'acme/shop',
      });
      const { status, said } = promtool(['check', 'metrics'], text);
      assert.deepEqual([status, said], [0, '']);
    });
  });
});
