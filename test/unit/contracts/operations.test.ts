import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scanMetrics } from '../../../server/src/core/report/formats/metrics.ts';
import { fullReport } from '../../support/reportFixture.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = path.join(root, 'docs/operations');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const documented = new Set([...read('metrics.md').matchAll(/^\| `(pinwatch_\w+)`/gmu)].map(([, name]) => name));

/** Names of samples, without what a histogram or a summary adds. */
const metricsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bpinwatch_[a-z0-9_]+/gu)].map(([name]) => name.replace(/_(bucket|sum|count)$/u, ''));

/** Of events whose name is put together. */
const endings: Readonly<Record<string, readonly string[]>> = {
  cache: ['cache.evicted', 'cache.expired'],
  database: ['database.imported', 'database.updated'],
};

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

  it('describe every event of the log, and no other', () => {
    const source = globSync('server/src/**/*.ts', { cwd: root }).map((file) =>
      readFileSync(path.join(root, file), 'utf8'),
    );
    const written = source.flatMap((text) => [...text.matchAll(/\bevent: (['`])([\w.]+|\w+\.\$\{what\})\1/gu)]);
    const events = written.flatMap(([, , event = '']) => {
      const [of] = event.split('.');
      return event.endsWith('}') ? (endings[of ?? ''] ?? [event]) : [event];
    });
    const rows = [...read('log.md').matchAll(/^\| `([\w.]+)` \| (?:error|warn|info|debug) \|/gmu)].map(
      ([, event]) => event,
    );
    assert.deepEqual(rows.toSorted(), [...new Set(events)].sort());
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
