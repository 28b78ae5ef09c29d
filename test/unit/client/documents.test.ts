import assert from 'node:assert/strict';
import { healthText } from '../../../client/src/texts/healthText.ts';
import { sentDataText } from '../../../client/src/texts/sentDataText.ts';
import type { ComponentHealth, Health } from '../../../protocol/messages/figures/health.ts';
import type { SentData } from '../../../protocol/messages/figures/sentData.ts';
import { english, englishWording } from '../../support/english.ts';

/** What is read: without the escapes and what keeps addresses from becoming links. */
const plain = (text: string): string => text.replace(/\\([^\w\s])/gu, '$1').replaceAll('\u2060', '');

describe('health as text', () => {
  const off: ComponentHealth = { status: 'OFF', message: 'It is not set up.' };
  const health: Health = {
    status: 'DEGRADED',
    version: '0.1.0',
    node: '24.21.0',
    uptimeSeconds: 4,
    components: {
      osv: { status: 'UP', lastSuccess: '2026-11-21T12:00:00.000Z', message: 'https://api.osv.dev' },
      index: { status: 'UNKNOWN', message: 'https://pypi.org/simple has not been asked yet.' },
      cacheMemory: { status: 'UP' },
      cacheDisk: { status: 'DEGRADED', message: 'The disk is full.', advice: 'Make room.' },
      cacheRedis: off,
      advisoryDatabase: { status: 'DOWN', message: 'There is none.', advice: 'Update it.' },
      queue: off,
    },
  };

  it('has each part in a row, with what to do', () => {
    const text = plain(healthText(health, englishWording));
    for (const row of [
      '| State | works in part |',
      '| Version | 0.1.0 |',
      '| Advisory service | works | 2026-11-21T12:00:00.000Z | https://api.osv.dev |  |',
      '| Local advisory database | does not work |  | There is none. | Update it. |',
      '| Package index | not asked yet |  | https://pypi.org/simple has not been asked yet. |  |',
      '| Memory cache | works |  |  |  |',
      '| Disk cache | works in part |  | The disk is full. | Make room. |',
      '| Team cache | not in use |  | It is not set up. |  |',
    ]) {
      assert.ok(text.split('\n').includes(row), `${row} is not in\n${text}`);
    }
  });
});

describe('sent data as text', () => {
  const data: SentData = {
    enabled: true,
    destination: 'https://api.osv.dev',
    index: 'https://pypi.org/simple',
    indexForLicenses: false,
    teamCache: null,
    sent: [
      { name: 'django', version: '3.2.0' },
      { name: 'six', version: '1.16.0' },
    ],
    withheld: [
      { uri: 'file:///a.txt', line: 2, character: 0, name: 'acme-core', reason: 'private', message: 'It is private.' },
      { uri: 'file:///a.txt', line: 3, character: 0, name: 'rich', reason: 'unpinned', message: 'No version.' },
    ],
  };
  const text = (changes: Partial<SentData> = {}): string =>
    plain(sentDataText({ ...data, ...changes }, english, (uri) => uri.slice('file:///'.length)));

  it('names whom to, each name and version, and what is kept back, where and why', () => {
    for (const line of [
      /^\*\*Pinwatch sends the package names and versions below to https:\/\/api\.osv\.dev\.\*\*$/mu,
      /^## Sent: 2$/mu,
      /^\| django \| 3\.2\.0 \|$/mu,
      /^\| six \| 1\.16\.0 \|$/mu,
      /^## Not sent: 2$/mu,
      /^\| a\.txt:3 \| acme-core \| acme-core is kept private by the setting "pinwatch\.privacy\.privatePackages"\. \|$/mu,
      /^\| a\.txt:4 \| rich \| No version\. \|$/mu,
    ]) {
      assert.match(text(), line);
    }
  });

  it('says that the index is asked about every exact version where licences matter', () => {
    assert.match(text({ indexForLicenses: true }), /every exact version for "pinwatch\.policy\.licenses"/u);
    assert.doesNotMatch(text(), /every exact version/u);
  });

  it('names the team cache where there is one', () => {
    assert.match(text({ teamCache: 'cache.example:6379' }), /team cache cache\.example:6379/u);
    assert.doesNotMatch(text(), /team cache/u);
  });

  it('says in every mode where nothing goes, and nothing of what else would go there', () => {
    const offline = { destination: null, index: null, sent: [] };
    for (const [changes, lead] of [
      [{ ...offline, enabled: false, withheld: [] }, /^\*\*Nothing is sent: Pinwatch is turned off/mu],
      [
        { ...offline, blocked: 'pinwatch.osv.url is wrong.' },
        /^\*\*Nothing is sent: pinwatch\.osv\.url is wrong\.\*\*$/mu,
      ],
      [offline, /^\*\*Nothing is sent: Pinwatch uses only the local advisory database\.\*\*$/mu],
    ] as const) {
      assert.match(text(changes), lead);
      assert.match(text(changes), /^## Sent: 0$/mu);
      assert.doesNotMatch(text(changes), /asks|interrupted|api\.osv\.dev|pypi/u);
    }
  });
});
