import assert from 'node:assert/strict';
import { type StatusFacts, statusView } from '../../../client/src/views/statusView.ts';
import { linkedCommands } from '../../../client/src/views/statusLinks.ts';
import type { StatusParams } from '../../../protocol/messages/figures/status.ts';
import { englishWording } from '../../support/english.ts';

const osv = { url: 'https://api.osv.dev', isDefault: true };

function status(changes: Partial<StatusParams> = {}): StatusParams {
  return {
    state: 'idle',
    vulnerable: 3,
    possiblyVulnerable: 0,
    failed: 0,
    skipped: 0,
    requirements: 9,
    assessed: 9,
    checking: 0,
    unread: 0,
    headline: 'clean',
    isOld: false,
    ignored: 0,
    cache: { hits: 24, misses: 1, hitRate: 0.96, entries: 12 },
    source: osv,
    ...changes,
  };
}

const facts: StatusFacts = { longScan: false, severities: {}, checkedAt: undefined };

const text = (changes: Partial<StatusParams>, longScan = false): string =>
  statusView(status(changes), { ...facts, longScan }, englishWording).text;

describe('status view', () => {
  it('counts the vulnerable requirements', () => {
    assert.equal(text({}), '$(shield) 3');
    assert.equal(text({ vulnerable: 0 }), '$(shield) 0');
  });

  it('turns only while a look-up takes long', () => {
    assert.equal(text({ state: 'scanning' }, false), '$(shield) 3');
    assert.equal(text({ state: 'scanning' }, true), '$(sync~spin) 3');
  });

  it('never says nought while the answer is awaited', () => {
    assert.equal(text({ state: 'scanning', vulnerable: 0 }), '$(shield) …');
    assert.equal(statusView({ connection: 'starting' }, facts, englishWording).text, '$(shield) …');
  });

  it('says what could not be checked, in every state', () => {
    assert.equal(text({ state: 'degraded', failed: 2 }), '$(shield) 3 · 2 unchecked');
    assert.equal(text({ state: 'scanning', failed: 2 }, true), '$(sync~spin) 3 · 2 unchecked');
    assert.equal(text({ state: 'error', failed: 1 }), '$(error) 3 · 1 unchecked');
    assert.equal(text({ state: 'offline', failed: 2 }), '$(warning) 3 · offline');
  });

  it('never has a bare nought where nothing was assessed', () => {
    assert.equal(text({ vulnerable: 0, assessed: 0, skipped: 9 }), '$(shield) – · 9 of 9 not assessed');
    assert.equal(text({ vulnerable: 0, assessed: 0, requirements: 0 }), '$(shield) –');
    assert.equal(text({ state: 'offline', vulnerable: 0, assessed: 0, failed: 9 }), '$(warning) – · offline');
    assert.equal(text({ vulnerable: 0, assessed: 5, skipped: 4 }), '$(shield) 0 · 4 of 9 not assessed');
    assert.equal(text({ vulnerable: 0, unread: 1 }), '$(shield) 0 · 1 line or file not read');
  });

  it('shows old data, with the colour of a warning', () => {
    const view = statusView(status({ isOld: true, dataAgeDays: 30.4, headline: 'incomplete' }), facts, englishWording);
    assert.equal(view.text, '$(shield) 3 · data 30 days old');
    assert.equal(view.warning, true);
    assert.equal(view.language.severity, 'warning');
    assert.match(view.accessibilityLabel, /data 30 days old/u);
    assert.equal(text({ isOld: true }), '$(shield) 3 · data of unknown age');
    const clean = statusView(status({ vulnerable: 0, isOld: true, headline: 'incomplete' }), facts, englishWording);
    assert.equal(clean.language.text, 'Nothing found in 9 of 9, data of unknown age');
  });

  it('warns when something could not be checked, or nothing was assessed', () => {
    assert.equal(statusView(status(), facts, englishWording).warning, false);
    assert.equal(statusView(status({ failed: 1 }), facts, englishWording).warning, true);
    assert.equal(statusView(status({ skipped: 9, assessed: 0 }), facts, englishWording).warning, true);
    assert.equal(statusView(status({ assessed: 0, state: 'scanning' }), facts, englishWording).warning, false);
  });

  it('says that it stopped', () => {
    assert.equal(statusView({ connection: 'stopped' }, facts, englishWording).text, '$(error) Pinwatch stopped');
  });

  for (const [url, note] of [
    ['http://127.0.0.1:8080', 'local'],
    ['http://localhost:8080', 'local'],
    ['http://[::1]:8080', 'local'],
    ['https://osv.example.org', 'custom'],
    ['https://127.0.0.1.example.org', 'custom'],
    ['nonsense', 'custom'],
  ] as const) {
    it(`calls the advisories of ${url} ${note}`, () => {
      assert.equal(text({ source: { url, isDefault: false } }), `$(shield) 3 · ${note} advisories`);
    });
  }

  it('has the counts by severity, the times, the source, links, and the cache below', () => {
    const { tooltip } = statusView(
      status({ vulnerable: 4, failed: 2, skipped: 4, oldestAnswerAt: '13:20' }),
      { longScan: false, severities: { high: 3, critical: 1 }, checkedAt: '14:05' },
      englishWording,
    );
    const [headline, times, links, cache] = tooltip.split('\n\n');
    assert.equal(
      headline,
      '4 vulnerable requirements (1 critical, 3 high), 2 could not be checked, 4 of 9 not assessed.',
    );
    assert.equal(times, 'Last check: 14:05 · Oldest answer: 13:20 · Advisory source: OSV.dev');
    assert.match(links ?? '', /^\[Show Findings\]\(command:pinwatch\.findings\.focus\) · \[Next Problem\]/u);
    assert.equal(
      cache,
      '| Cache | Hits | Misses | Hit rate | Entries |\n| :-- | --: | --: | --: | --: |\n|  | 24 | 1 | 96 % | 12 |',
    );
  });

  it('links to commands that the tooltip may run, and to nothing else', () => {
    const { tooltip } = statusView(status(), facts, englishWording);
    const linked = [...tooltip.matchAll(/\]\(command:([\w.]+)/gu)].map(([, command]) => command);
    assert.deepEqual(linked, linkedCommands);
    assert.doesNotMatch(statusView({ connection: 'stopped' }, facts, englishWording).tooltip, /\]\((?!command:)/u);
  });

  it('shows foreign text as text', () => {
    const message = '[x](command:evil) <img src=a> $(bug) https://evil.example\n# big';
    const { tooltip } = statusView(
      status({ message, source: { url: 'https://a/|b', isDefault: false } }),
      facts,
      englishWording,
    );
    assert.ok(!/(?<!\\)\[x|<img|(?<!\\)\$\(bug|https:\/\/|\n#|a\/\|b/u.test(tooltip), tooltip);
  });

  it('reads well aloud', () => {
    assert.equal(
      statusView(status({ failed: 1 }), facts, englishWording).accessibilityLabel,
      'Pinwatch: 3 vulnerable requirements, 1 could not be checked. Cache hit rate 96 %.',
    );
  });

  it('says aloud why nothing was assessed, and never a zero then', () => {
    const message = 'pinwatch.osv.url should be an https address.';
    const source = { url: '', isDefault: true };
    const { accessibilityLabel, tooltip, language } = statusView(
      status({ state: 'error', vulnerable: 0, assessed: 0, failed: 9, message, source }),
      facts,
      englishWording,
    );
    assert.doesNotMatch(tooltip, /Advisory source: OSV/u);
    assert.equal(language.detail, message);
    assert.match(accessibilityLabel, /^Pinwatch: none of 9 requirements assessed, 9 could not be checked/u);
    assert.match(accessibilityLabel, /an error stopped the check\. pinwatch\.osv\.url should be/u);
  });

  describe('for the language status', () => {
    const language = (changes: Partial<StatusParams>) => statusView(status(changes), facts, englishWording).language;

    it('says what was found, by whom, and how old it is', () => {
      assert.deepEqual(language({ oldestAnswerAt: '14:05' }), {
        text: '3 vulnerable',
        detail: 'Advisories from OSV.dev. Oldest answer: 14:05',
        severity: 'information',
      });
    });

    it('never calls clean what was not checked', () => {
      assert.equal(language({ vulnerable: 0 }).text, 'No known vulnerability (9 of 9 assessed)');
      assert.equal(language({ vulnerable: 0, assessed: 0, headline: 'empty' }).text, 'Nothing checked');
      assert.equal(language({ vulnerable: 0, state: 'scanning' }).text, 'Being checked');
      assert.equal(
        language({ vulnerable: 0, skipped: 2, assessed: 7, headline: 'partly', oldestAnswerAt: '14:05' }).text,
        'Nothing found in 7 of 9, 2 of 9 not assessed',
      );
      assert.deepEqual(language({ vulnerable: 0, failed: 2, state: 'offline' }), {
        text: '2 could not be checked',
        detail: 'OSV.dev does not answer.',
        severity: 'warning',
      });
    });
  });

  describe('where the local database alone is asked', () => {
    const currentAt = '2026-11-18T10:00:00.000Z';
    const view = (changes: Partial<StatusParams> = {}) =>
      statusView(
        status({ source: { url: osv.url, isDefault: false, database: { currentAt } }, ...changes }),
        facts,
        englishWording,
      );

    it('says so, and up to when the data tell', () => {
      assert.equal(view().text, '$(shield) 3 · local database');
      assert.match(view().tooltip, /local database, data as of 2026-11-18/u);
      assert.match(view().language.detail, /The local database/u);
    });

    it('does not blame a service that nobody asked', () => {
      const { tooltip, text: shown } = view({ state: 'offline', failed: 2 });
      assert.equal(shown, '$(warning) 3 · offline · local database');
      assert.match(tooltip, /the local database cannot be read/u);
      assert.doesNotMatch(tooltip, /service/u);
    });

    it('does not guess an age', () => {
      const source = { url: osv.url, isDefault: false, database: { currentAt: null } };
      assert.match(view({ source }).tooltip, /of unknown age/u);
    });
  });
});
