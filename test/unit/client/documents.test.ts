import assert from 'node:assert/strict';
import { healthText } from '../../../client/src/texts/healthText.ts';
import { sentDataText } from '../../../client/src/texts/sentDataText.ts';
import type { ComponentHealth, Health, SentData } from '../../../protocol/messages.ts';
import { english, englishWording } from '../../support/english.ts';

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

  it('has each fact beside its name, and what to do', () => {
    const lines = healthText(health, englishWording)
      .split('\n')
      .map((line) => line.trim().replace(/\s{2,}/gu, ': '));
    for (const line of [
      'State: works in part',
      'Version: 0.1.0',
      'State: works',
      'Message: https://api.osv.dev',
      'Last answer: 2026-11-21T12:00:00.000Z',
      'State: not asked yet',
      'State: does not work',
      'State: not in use',
      'Message: The disk is full.',
      'What to do: Make room.',
    ]) {
      assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
    }
  });
});

describe('sent data as text', () => {
  const data: SentData = {
    enabled: true,
    destination: 'https://api.osv.dev',
    index: 'https://pypi.org/simple',
    indexForLicenses: false,
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
    sentDataText({ ...data, ...changes }, english, (uri) => uri.slice('file:///'.length));

  it('names whom to, each name and version, and what is kept back, where and why', () => {
    for (const line of [
      /to https:\/\/api\.osv\.dev\./u,
      /^Sent: 2$/mu,
      /^ {2}django {2}3\.2\.0$/mu,
      /^ {2}six {5}1\.16\.0$/mu,
      /^Not sent: 2$/mu,
      /^ {2}a\.txt:3 {2}acme-core is kept private by the setting "pinwatch\.privacy\.privatePackages"\.$/mu,
      /^ {2}a\.txt:4 {2}No version\.$/mu,
    ]) {
      assert.match(text(), line);
    }
  });

  it('says that the index is asked about every exact version where licences matter', () => {
    assert.match(text({ indexForLicenses: true }), /every package with an exact version too/u);
    assert.doesNotMatch(text(), /every package with an exact version too/u);
  });

  it('says so when nothing goes anywhere', () => {
    assert.match(
      text({ enabled: false, destination: null, index: null, sent: [], withheld: [] }),
      /switched off.*nothing is sent/u,
    );
    const blocked = text({ blocked: 'pinwatch.osv.url is wrong.', destination: null, index: null, sent: [] });
    assert.match(blocked, /^Nothing is sent: pinwatch\.osv\.url is wrong\.$/mu);
    assert.doesNotMatch(blocked, /It also asks there|api\.osv\.dev/u);
  });
});
