import assert from 'node:assert/strict';
import { requirementFilters } from '../../../client/src/requirementFilters.ts';
import { rescanText } from '../../../client/src/texts/rescanText.ts';
import { createRestartPolicy } from '../../../client/src/restartPolicy.ts';
import { scopedText, searchedScope } from '../../../client/src/searchedScope.ts';
import { statisticsText } from '../../../client/src/texts/statisticsText.ts';
import type { Statistics } from '../../../protocol/messages/figures/statistics.ts';
import { english } from '../../support/english.ts';

describe('restart policy', () => {
  it('gives up at the fourth end within three minutes, and forgets older ones', () => {
    let nowMs = 1_000_000;
    const policy = createRestartPolicy(() => nowMs);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => policy.mayRestart()),
      [true, true, true, false],
    );
    nowMs += 3 * 60_000;
    assert.equal(policy.mayRestart(), true);
  });
});

describe('requirement filters', () => {
  const filters = requirementFilters(
    ['deps/*.txt', './x.txt', '**/y.txt', '/abs/z.txt', ''],
    ['file', 'untitled', 'memfs'],
  );

  it('take the language and the names in every scheme they are told of, and no other', () => {
    assert.deepEqual([...new Set(filters.map(({ scheme }) => scheme))], ['file', 'untitled', 'memfs']);
    assert.ok(filters.some(({ scheme, language }) => scheme === 'untitled' && language === 'pip-requirements'));
    assert.ok(filters.some(({ scheme, pattern }) => scheme === 'file' && pattern === '**/*requirements*.{txt,in,pip}'));
  });

  it('take the patterns of the user below any folder, and no empty one', () => {
    const patterns = filters.filter(({ scheme }) => scheme === 'file').map(({ pattern }) => pattern);
    assert.deepEqual(patterns.slice(-4), ['**/deps/*.txt', '**/x.txt', '**/y.txt', '/abs/z.txt']);
  });
});

describe('the result of a search', () => {
  it('says first what could not be searched', () => {
    const textFor = (schemes: readonly string[]): string => scopedText('all is well', searchedScope(schemes), english);
    assert.equal(textFor(['file', 'file']), 'all is well');
    assert.equal(textFor([]), 'no folder is open; of the open files: all is well');
    assert.match(textFor(['file', 'memfs']), /^a folder that is not on disk was not searched, .*: all is well$/u);
  });
});

describe('rescan text', () => {
  it('never leaves out what could not be checked', () => {
    assert.equal(
      rescanText(
        { files: 2, requirements: 30, vulnerable: 0, possiblyVulnerable: 1, failed: 4, durationMs: 1234 },
        english,
      ),
      '30 requirements in 2 files: 0 vulnerable, 1 possibly vulnerable, 4 could not be checked. Took 1.2 s.',
    );
    assert.equal(
      rescanText(
        { files: 1, requirements: 1, vulnerable: 1, possiblyVulnerable: 0, failed: 0, durationMs: 1234 },
        english,
      ),
      '1 requirement in 1 file: 1 vulnerable. Took 1.2 s.',
    );
    assert.equal(
      rescanText(
        { files: 1, requirements: 3, vulnerable: 0, possiblyVulnerable: 0, failed: 0, skipped: 3, durationMs: 1234 },
        english,
      ),
      '3 requirements in 1 file: 0 vulnerable, 3 of 3 not assessed. Took 1.2 s.',
    );
    assert.equal(
      rescanText(
        { files: 0, requirements: 0, vulnerable: 0, possiblyVulnerable: 0, failed: 0, unread: 2, durationMs: 1234 },
        english,
      ),
      'no requirements files found. 2 could not be read.',
    );
    assert.equal(
      rescanText(
        { files: 1, requirements: 1, vulnerable: 0, possiblyVulnerable: 0, failed: 0, unread: 1, durationMs: 1234 },
        english,
      ),
      '1 requirement in 1 file: 0 vulnerable, 1 could not be read. Took 1.2 s.',
    );
    assert.equal(
      rescanText(
        { files: 0, requirements: 0, vulnerable: 0, possiblyVulnerable: 0, failed: 0, durationMs: 1234 },
        english,
      ),
      'no requirements files found.',
    );
  });
});

describe('statistics text', () => {
  const statistics: Statistics = {
    cache: {
      memory: { entries: 12, capacity: 20_000, hits: 24, misses: 1, hitRate: 0.96, evictions: 5 },
      disk: { entries: 7, bytes: 10_240, hits: 2, misses: 3, rejected: 0 },
      redis: null,
    },
    osv: { requests: { querybatch: 4, query: 6, vulns: 8 }, retries: 9, failures: 11, circuit: 'closed', inFlight: 0 },
    scans: {
      count: 0,
      queued: 0,
      running: 0,
      durationMs: { count: 0, mean: 0, min: 0, max: 0, p50: 0, p95: 0, p99: 0 },
      slow: { count: 0 },
    },
    process: { rssBytes: 52 * 1024 * 1024, uptimeSeconds: 61, cpuSeconds: 1.4 },
    lifetime: { since: '2026-11-21T12:00:00.000Z', operations: {}, projects: {} },
  };

  it('has each operation, and the scans of each project where there are several', () => {
    const scan = { count: 3, total: 90, mean: 30, min: 10, max: 50, p50: 30, p95: 50, p99: 50, last: 30 };
    const operations = { scan: { ...scan, lastAt: '2026-11-28T12:34:56.000Z' } };
    const textWith = (projects: Statistics['lifetime']['projects']): string =>
      statisticsText({ ...statistics, lifetime: { ...statistics.lifetime, operations, projects } }, english);
    const row = '| scan | 3 | 90 ms | 30 ms | 10 ms | 30 ms | 50 ms | 50 ms | 50 ms | 30 ms | 2026-11-28 12:34 |';
    const [one, two] = [
      textWith({ 'file:///a/shop': operations }),
      textWith({ 'file:///a/shop': operations, 'file:///a/web': {} }),
    ];
    assert.ok(one.includes(row), one);
    assert.doesNotMatch(one, /## shop/u);
    assert.match(two, /^## shop$/mu);
    assert.doesNotMatch(two, /## web/u); // nothing was scanned there
  });

  it('has each figure beside its name', () => {
    const lines = statisticsText(statistics, english)
      .replaceAll('\\', '')
      .split('\n')
      .map((line) => line.replace(/^\| | \|$/gu, '').replace(' | ', ': '));
    for (const line of [
      'Hits: 24',
      'Misses: 1',
      'Hit rate: 96 %',
      'Entries: 12 of 20000',
      'Evictions: 5',
      'Batches: 4',
      'Failures: 11',
      'Size: 10 KiB',
      'Memory: 52 MiB',
      'Uptime: 1 min',
    ]) {
      assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
    }
  });

  it('says when the service is paused, and how the cache of the team does', () => {
    const text = statisticsText(
      {
        ...statistics,
        cache: { ...statistics.cache, redis: { hits: 3, misses: 1, rejected: 0, trouble: 'It refuses the password.' } },
        osv: { ...statistics.osv, circuit: 'open' },
      },
      english,
    );
    assert.match(text, /Service \| paused after failures/u);
    assert.match(
      text,
      /Team cache \| {2}\|\n.*\n\| Hits \| 3 \|\n\| Misses \| 1 \|\n\| State \| It refuses the password\\\. \|/u,
    );
    assert.doesNotMatch(statisticsText(statistics, english), /Team cache/u);
  });

  it('shows no duration before the first scan', () => {
    assert.match(statisticsText(statistics, english), /Median \| – \|/u);
  });
});
