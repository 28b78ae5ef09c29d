import assert from 'node:assert/strict';
import type { Outcome } from '../../../../server/src/core/assessment/outcome.ts';
import { hoverFor } from '../../../../server/src/features/hover/hover.ts';
import type { HoverContext } from '../../../../server/src/features/hover/hoverFindings.ts';
import type { LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { english } from '../../../../server/src/core/words/words.ts';
import { assessed, failed, finding, noon, pinned } from '../../../support/builders.ts';

const context: HoverContext = {
  now: noon,
  source: { kind: 'osv', url: 'https://api.osv.dev' },
  maxDataAgeDays: 7,
  uri: 'file:///a (1)/requirements.txt',
  commands: false,
  words: english,
};

function hoverText(state: LineState['state'], character = 2): string {
  const hover = hoverFor(
    { lines: [{ requirement: pinned('Django', '3.2.0'), state }] },
    { line: 0, character },
    context,
  );
  const contents = hover?.contents;
  return typeof contents === 'object' && 'kind' in contents ? contents.value : '';
}

describe('hover', () => {
  it('shows what, how bad, where fixed, where to read on and how old the data are', () => {
    const text = hoverText({ kind: 'settled', outcome: assessed([finding()], noon - 180_000) });
    assert.equal(
      text,
      [
        '**Django 3\\.2\\.0** has **1 known vulnerability**: critical',
        '**Update to 3\\.2\\.5\\.** (patch update, not verified with the package index)',
        [
          '| Advisory | Severity | Fixed in | What |',
          '| :--- | :--- | :--- | :--- |',
          '| [CVE\\-2021\\-35042](https://osv.dev/vulnerability/PYSEC-2021-109) | **critical 9\\.8** | 3\\.2\\.5 | SQL injection through order\\_by |',
        ].join('\n'),
        'Checked 3 min ago against api\\.osv\\.dev',
      ].join('\n\n'),
    );
  });

  it('says first that the data are old, also where nothing is known', () => {
    const old = noon - 30 * 86_400_000;
    const about = (outcome: Outcome): string => hoverText({ kind: 'settled', outcome });
    const warning = '**The advisory data are 30 days old.** Newer advisories are missing.';
    assert.ok(about(assessed([], old)).includes(`\n\n${warning}\n\nNo known advisories.`));
    assert.ok(about(assessed([finding()], old)).includes(`critical\n\n${warning}\n\n**Update`));
    assert.doesNotMatch(about(assessed([], noon - 6 * 86_400_000)), /data are/u);
  });

  it('answers on the name and on the version, and nowhere else', () => {
    const state = { kind: 'settled', outcome: assessed([]) } as const;
    const lines = [{ requirement: pinned('Django', '3.2.0'), state }];
    const answered = [0, 3, 6, 8, 13].map((character) => hoverFor({ lines }, { line: 0, character }, context));
    assert.ok(answered.every((hover) => hover !== undefined));
    assert.equal(hoverFor({ lines }, { line: 0, character: 7 }, context), undefined);
    assert.equal(hoverFor({ lines }, { line: 1, character: 2 }, context), undefined);
  });

  it('says for a clean pin that nothing is known and since when', () => {
    const text = hoverText({ kind: 'settled', outcome: assessed([]) });
    assert.match(text, /No known advisories\.\n\nChecked just now/u);
  });

  it('says why something was not assessed or could not be checked', () => {
    const skipped = { kind: 'skipped', reason: 'url', message: 'It is installed from a URL.' } as const;
    assert.match(hoverText({ kind: 'settled', outcome: skipped }), /\*\*Not assessed:\*\* It is installed from a URL/u);
    const text = hoverText({ kind: 'settled', outcome: failed() });
    assert.match(text, /\*\*Could not be checked:\*\* api\\\.osv\\\.dev did not answer/u);
    assert.match(text, /it may be vulnerable/u);
  });

  it('does not say "any version" of what is not asked for by version', () => {
    const requirement = { ...pinned('Django', '3.2.0'), version: null, specifier: '' };
    const heading = (outcome: Outcome) => {
      const contents = hoverFor(
        { lines: [{ requirement, state: { kind: 'settled', outcome } }] },
        { line: 0, character: 2 },
        context,
      )?.contents;
      return typeof contents === 'object' && 'kind' in contents ? contents.value.split('\n')[0] : undefined;
    };
    assert.equal(heading({ kind: 'skipped', reason: 'url', message: 'From a URL.' }), '**Django**');
    assert.equal(heading(failed({ reason: 'invalid' })), '**Django**');
    assert.equal(heading(failed()), '**Django any version**');
    assert.equal(heading(assessed([])), '**Django any version**');
  });

  it('keeps the summary and the reason of an ignore apart', () => {
    const ignored = finding({ ignored: { reason: 'Not reached', until: null } });
    const text = hoverText({ kind: 'settled', outcome: assessed([ignored]) });
    assert.match(text, /through order\\_by Ignored\\: Not reached/u);
  });

  it('names the highest safe version where later ones are vulnerable', () => {
    const fix = { nearest: undefined, latest: undefined, verified: true, passedOver: [] };
    const change = { kind: 'none', highestSafe: '3.2.5' } as const;
    const outcome = { ...assessed([finding()]), fix: { ...fix, change } };
    const requirement = { ...pinned('Django', '3.2.0'), version: null, specifier: '>=3' };
    const range = { ...outcome, verdict: 'possiblyVulnerable' } as const;
    const lines = [{ requirement, state: { kind: 'settled', outcome: range } }] as const;
    const text = JSON.stringify(hoverFor({ lines }, { line: 0, character: 2 }, context)).replaceAll('\\', '');
    assert.match(
      text,
      /Django >=3\*\* allows versions with \*\*1 known|Django &gt;=3\*\* allows versions with \*\*1 known/u,
    );
    assert.match(text, /\*\*No version later than 3\.2\.5 is known to be safe\.\*\*/u);
  });

  it('caps a long list and says how many there are', () => {
    const many = Array.from({ length: 63 }, (_, index) => finding({ id: `CVE-2020-${index}` }));
    const text = hoverText({ kind: 'settled', outcome: assessed(many) });
    assert.match(text, /\*\*63 known vulnerabilities\*\*: 63 critical\n/u);
    assert.match(text, /\n58 more: the report has them all\./u);
  });

  it('says what is safe, how it is known, and why a lower fix is not', () => {
    const fix = {
      nearest: '3.2.9',
      latest: '5.1',
      verified: true,
      requiresPython: '>=3.8',
      passedOver: [{ version: '3.2.5', reason: 'affected', affectedBy: ['CVE-2022-1'] }],
    } as const;
    const text = hoverText({ kind: 'settled', outcome: { ...assessed([finding()]), fix } });
    assert.match(
      text,
      /\*\*Update to 3\\\.2\\\.9\\\.\*\* \(patch update, on the package index, needs Python &gt;=3\\\.8\) Latest safe version: 5\\\.1\./u,
    );
    assert.ok(text.indexOf('Not suggested') > text.indexOf('| Advisory'), 'of interest after all the rest');
    assert.match(text, /Not suggested\\: 3\\\.2\\\.5 \(?\\?\(affected by CVE\\-2022\\-1\\\)/u);
  });

  it('does not say "any version" of a line that asks for no releases, or that cannot be read', () => {
    const skipped = { kind: 'skipped', reason: 'url', message: 'It is installed from a URL.' } as const;
    const invalid = { ...failed(), reason: 'invalid' } as const;
    for (const outcome of [skipped, invalid]) {
      const requirement = { ...pinned('httpx', ''), specifier: '', version: null };
      const hover = hoverFor(
        { lines: [{ requirement, state: { kind: 'settled', outcome } }] },
        { line: 0, character: 2 },
        context,
      );
      assert.match(JSON.stringify(hover), /"\*\*httpx\*\*\\n/u);
    }
  });

  it('says that nothing is safe, or that nobody knows', () => {
    const fix = { nearest: undefined, latest: undefined, verified: false, passedOver: [] };
    const none = { ...assessed([finding({ nearestFix: undefined })]), fix };
    assert.match(hoverText({ kind: 'settled', outcome: none }), /No safe version is known/u);
    const { kind, verdict, findings, checkedAt } = none;
    const unknown = { kind, verdict, findings, checkedAt };
    assert.match(hoverText({ kind: 'settled', outcome: unknown }), /The safe versions are not known/u);
  });

  it('offers no version for what is malicious', () => {
    const text = hoverText({ kind: 'settled', outcome: assessed([finding({ severity: 'malicious' })]) });
    assert.match(text, /Remove it and rotate every secret/u);
    assert.doesNotMatch(text, /Update to/u);
  });

  it('tells which records disagree on the fix', () => {
    const fixesDisagree = [
      { record: 'GHSA-1', fixed: ['3.1.13'] },
      { record: 'PYSEC-1', fixed: [] },
    ];
    const text = hoverText({ kind: 'settled', outcome: assessed([finding({ fixesDisagree })]) });
    assert.match(text, /differ on the fix.*GHSA\\-1 says 3\\\.1\\\.13, PYSEC\\-1 says none/u);
  });

  it('says when the local database answered in place of the service', () => {
    const local = { dataAgeSeconds: 3 * 86_400, because: 'api.osv.dev could not be reached.' };
    const text = hoverText({ kind: 'settled', outcome: { ...assessed([]), local } });
    assert.match(text, /From the local advisory database, whose data are 3 days old/u);
    assert.doesNotMatch(text, /Checked just now/u);
  });

  it('counts by severity, and what is ignored apart', () => {
    const high = finding({ severity: 'high' });
    const ignored = finding({ ignored: { reason: 'Not reached', until: null } });
    const first = (findings: Parameters<typeof assessed>[0]): string | undefined =>
      hoverText({ kind: 'settled', outcome: assessed(findings) })
        .split('\n')[0]
        ?.replace(/^.*has /u, '');
    assert.equal(
      first([finding(), high, high, finding({ severity: 'unknown' })]),
      '**4 known vulnerabilities**: 1 critical, 2 high, 1 of unknown severity',
    );
    assert.equal(first([high, ignored]), '**2 known vulnerabilities**: 1 high, 1 ignored');
    assert.equal(first([ignored]), '**1 known vulnerability**: ignored');
  });

  it('marks a major update', () => {
    const fix = { nearest: '4.2', latest: '4.2', verified: true, passedOver: [] };
    const text = hoverText({ kind: 'settled', outcome: { ...assessed([finding()]), fix } });
    assert.match(text, /\*\*Update to 4\\\.2\\\.\*\* \(\*\*major\*\* update, on the package index\)/u);
  });

  it('offers what to do next where the client runs our commands, and no link elsewhere', () => {
    const many = Array.from({ length: 9 }, (_, index) => finding({ id: `CVE-2020-${index}` }));
    const old = assessed(many, noon - 30 * 86_400_000);
    const shown = (outcome: Outcome, changes: Partial<HoverContext>): string => {
      const lines = [{ requirement: pinned('Django', '3.2.0'), state: { kind: 'settled', outcome } }] as const;
      return JSON.stringify(hoverFor({ lines }, { line: 0, character: 2 }, { ...context, ...changes }));
    };
    const again = 'command:pinwatch.rescan?%5B%22file%3A%2F%2F%2Fa%20%281%29%2Frequirements.txt%22%5D';
    assert.ok(shown(failed(), { commands: true }).includes(`[Try again](${again})`));
    assert.ok(shown(old, { commands: true }).includes(`[Check again](${again})`));
    const database: HoverContext['source'] = { kind: 'database', dataAge: 30 * 86_400 };
    assert.match(shown(old, { commands: true, source: database }), /\[Update\]\(command:pinwatch\.updateDatabase\)/u);
    assert.match(shown(old, { commands: true }), /\[4 more in the report\]\(command:pinwatch\.showReport\)/u);
    assert.doesNotMatch(shown(failed(), {}) + shown(old, {}), /command:/u);
  });

  it('gives foreign text no power', () => {
    const hostile = finding({
      summary: '[click](command:evil) ![x](https://e/x.png) <img src=x> `code` https://evil.example **b** \u202Ex',
      url: 'javascript:alert(1)',
      id: 'CVE-1](command:evil)',
    });
    const text = hoverText({ kind: 'settled', outcome: assessed([hostile]) });
    assert.doesNotMatch(text, /(?<!\\)\]\(/u, 'an unescaped link');
    assert.doesNotMatch(text, /<|\u202E|javascript:/u);
    assert.doesNotMatch(text, /https:\/\/evil/u);
  });
});
