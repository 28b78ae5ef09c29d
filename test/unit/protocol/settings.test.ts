import assert from 'node:assert/strict';
import { redisPasswordWarning } from '../../../protocol/addressSettings.ts';
import { decodeSettings } from '../../../protocol/decodeSettings.ts';
import type { SettingDefinition } from '../../../protocol/defineSettings.ts';
import { defaultSettings, settingNames, type Settings, settingsTable } from '../../../protocol/settings.ts';
import { otherSetting } from '../../support/otherSetting.ts';

describe('settings', () => {
  it('are the defaults where nothing is set', () => {
    for (const nothing of [undefined, null, {}, [], { osv: null }, { privacy: { privatePackages: null } }]) {
      assert.deepEqual(decodeSettings(nothing), { settings: defaultSettings, warnings: [] });
    }
  });

  it('ask nobody where it cannot be read whom to ask, or what is private', () => {
    for (const section of [
      'x',
      7,
      ['acme-*'],
      { osv: { url: 'ftp://x' } },
      { osv: { url: '' } },
      { osv: { url: 'https://user:pw@osv.example' } },
      { osv: 'https://osv.example' },
      { privacy: { privatePackages: 'acme-*' } },
      { privacy: { privatePackages: ['acme-*', 7] } },
      { privacy: ['acme-*'] },
      { 'privacy.privatePackages': { 0: 'acme-*' } },
      { offline: { mode: 'offlin' } },
      { offline: 'offline' },
      { offline: { mode: 'fallback', databasePath: 'here' } },
    ]) {
      const { settings, warnings } = decodeSettings(section);
      assert.match(settings.blocked ?? '', /Nothing is sent until you correct it\./u, JSON.stringify(section));
      assert.ok(warnings.length > 0);
      assert.doesNotMatch(warnings.join(), /api\.osv\.dev|pw@/u);
    }
  });

  it('say what else is wrong, without asking anybody in the place of what was named', () => {
    const { settings } = decodeSettings({ index: { url: 'ftp://x' } });
    assert.equal(settings.indexUrl, 'none');
    assert.equal(settings.blocked, undefined);
    assert.match(settings.fault ?? '', /pinwatch\.index\.url .* No package index is asked/u);
    assert.match(decodeSettings({ policy: { packages: 'x' } }).settings.fault ?? '', /pinwatch\.policy\.packages/u);
  });

  it('need none of that where nothing is sent', () => {
    const offline = { mode: 'offline' };
    for (const section of [{ osv: { url: 'x' } }, { index: { url: 'x' } }, { privacy: { privatePackages: 'x' } }]) {
      const { settings, warnings } = decodeSettings({ ...section, offline });
      assert.deepEqual([settings.blocked, settings.fault, warnings.length], [undefined, undefined, 1]);
    }
  });

  it('of a folder are wrong only in what a folder decides', () => {
    const blocked = (section: object) => decodeSettings(section, undefined, defaultSettings).settings.blocked;
    assert.equal(blocked({ osv: { url: 'x' } }), undefined);
    assert.match(blocked({ privacy: { privatePackages: 'x' } }) ?? '', /privatePackages/u);
  });

  it('of a folder do not say whether anything is sent', () => {
    const section = { offline: { mode: 'offline' }, privacy: { privatePackages: 'x' } };
    assert.match(decodeSettings(section, undefined, defaultSettings).settings.blocked ?? '', /privatePackages/u);
    const offline: Settings = { ...defaultSettings, offlineMode: 'offline' };
    const online = { offline: { mode: 'online' }, privacy: { privatePackages: 'x' } };
    assert.equal(decodeSettings(online, undefined, offline).settings.blocked, undefined);
  });

  it('take from beneath what they do not say', () => {
    const beneath = { enable: false, privacy: { privatePackages: ['acme-*'] } };
    const { settings } = decodeSettings({ enable: true, privacy: { privatePackages: null } }, beneath);
    assert.equal(settings.enable, true);
    assert.deepEqual(settings.privatePackages, ['acme-*']);
  });

  it('take nested and dotted keys', () => {
    assert.equal(decodeSettings({ osv: { timeoutSeconds: 5 } }).settings.osvTimeoutSeconds, 5);
    assert.equal(decodeSettings({ 'osv.timeoutSeconds': 6 }).settings.osvTimeoutSeconds, 6);
  });

  it('fall back for a bad value alone, and name it', () => {
    const { settings, warnings } = decodeSettings({ enable: 'yes', cache: { ttlMinutes: 5, maxEntries: -1 } });
    assert.equal(settings.enable, true);
    assert.equal(settings.cacheMaxEntries, defaultSettings.cacheMaxEntries);
    assert.equal(settings.cacheTtlMinutes, 5);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /pinwatch\.enable should be true or false/u);
  });

  it('take an advisory service over https anywhere, over http only on this machine', () => {
    const url = (value: string) => decodeSettings({ osv: { url: value } }).settings.osvUrl;
    assert.equal(url('https://osv.example.org/'), 'https://osv.example.org');
    assert.equal(url('http://127.0.0.1:8080'), 'http://127.0.0.1:8080');
    assert.equal(url('http://localhost:8080/base/'), 'http://localhost:8080/base');
    assert.equal(url('http://[::1]:8080'), 'http://[::1]:8080');
    for (const bad of [
      'http://osv.example.org',
      'http://127.0.0.1.evil.org',
      'https://user:pw@evil.org',
      'ftp://x',
      'https://',
      'javascript:x',
    ]) {
      assert.equal(url(bad), defaultSettings.osvUrl, bad);
    }
  });

  it('take ignores with a reason, and none of them where one cannot be read', () => {
    const decode = (ignore: unknown) => decodeSettings({ ignore });
    const full = { id: 'CVE-1', package: 'django', reason: 'not reached', until: '2027-01-31' };
    assert.deepEqual(decode([full, { id: ' CVE-2 ', reason: 'x' }]).settings.ignore, [
      full,
      { id: 'CVE-2', reason: 'x' },
    ]);
    for (const bad of [
      {},
      'CVE-1',
      { id: 'CVE-1' },
      { id: 'CVE-1', reason: ' ' },
      { id: '', reason: 'x' },
      { id: 'CVE-1', reason: 'x', until: 'soon' },
      { id: 'CVE-1', reason: 'x', until: '2027-02-31' },
      { id: 'CVE-1', reason: 'x', package: 3 },
      { id: 'CVE-1', reason: 'x', untill: '2027-01-31' },
    ]) {
      const { settings, warnings } = decode([full, bad]);
      assert.deepEqual([settings.ignore, warnings.length], [[], 1], JSON.stringify(bad));
    }
  });

  it('take rules about packages, and none of them where one cannot be read', () => {
    const decode = (packages: unknown) => decodeSettings({ policy: { packages } });
    const full = { package: 'django', versions: '>=2, <4.2', level: 'warning', reason: 'old' };
    assert.deepEqual(decode([full, { package: ' six ' }]).settings.policyPackages, [full, { package: 'six' }]);
    for (const bad of [
      {},
      'django',
      { package: ' ' },
      { package: 'x', versions: '4.2' },
      { package: 'x', versions: '<4 or >5' },
      { package: 'x', level: 'deny' },
      { package: 'x', version: '<4' },
    ]) {
      const { settings, warnings } = decode([full, bad]);
      assert.deepEqual([settings.policyPackages, warnings.length], [[], 1], JSON.stringify(bad));
    }
  });

  it('take rules about licences as a whole or not at all', () => {
    const decode = (licenses: unknown) => decodeSettings({ policy: { licenses } });
    const full = { allow: ['MIT', 'GPL-2.0+ WITH x'], deny: ['AGPL-*'], except: ['ours-*'], level: 'error' };
    assert.deepEqual(decode(full).settings.policyLicenses, full);
    for (const bad of [
      [],
      'MIT',
      { allow: 'MIT' },
      { allow: ['MIT OR GPL'] },
      { allows: [] },
      { level: 'no' },
      { except: [''] },
    ]) {
      const { settings, warnings } = decode(bad);
      assert.deepEqual([settings.policyLicenses, warnings.length], [{}, 1], JSON.stringify(bad));
    }
  });

  it('take a team cache without its password, and say so where it has one, without saying it', () => {
    const decode = (redisUrl: unknown) => decodeSettings({ cache: { redisUrl } });
    for (const fine of ['', 'redis://cache', 'rediss://me@cache.example:6379/2']) {
      assert.deepEqual([decode(fine).settings.cacheRedisUrl, decode(fine).warnings], [fine, []]);
    }
    for (const secret of ['redis://:geheim@cache', 'rediss://me:geheim@cache:6379/2', 'redis://me:geheim/@x@cache']) {
      const { settings, warnings } = decode(secret);
      assert.equal(settings.cacheRedisUrl, '');
      assert.deepEqual(warnings, [redisPasswordWarning]);
    }
    assert.doesNotMatch(redisPasswordWarning, /geheim/u);
    assert.match(decode('http://cache').warnings[0] ?? '', /should be empty, or redis/u);
  });

  it('never draw a malicious package below an error', () => {
    const { settings } = decodeSettings({ diagnostics: { severity: { malicious: 'hint', low: 'hint' } } });
    assert.equal(settings.diagnosticSeverity.malicious, 'error');
    assert.equal(settings.diagnosticSeverity.low, 'hint');
    assert.equal(settings.diagnosticSeverity.high, 'error');
  });

  it('draw what is not assessed at a level of its own, or not at all', () => {
    const levelFor = (notAssessed: unknown): string =>
      decodeSettings({ diagnostics: { severity: { notAssessed, low: 'hint' } } }).settings.diagnosticSeverity
        .notAssessed;
    assert.deepEqual(
      [levelFor(undefined), levelFor('off'), levelFor('hint'), levelFor('loud')],
      ['off', 'off', 'hint', 'off'],
    );
    assert.equal(decodeSettings({ diagnostics: { severity: { failed: 'off' } } }).warnings.length, 1);
  });

  it('have a key of their own each', () => {
    assert.equal(new Set(settingNames.map((name) => settingsTable[name].key)).size, settingNames.length);
  });

  for (const name of settingNames) {
    const { key, value, default: usual, unusable }: SettingDefinition = settingsTable[name];

    it(`take ${key}, nested or flat, and null for not said`, () => {
      const other = otherSetting(name);
      const nested = key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), other);
      for (const [section, beneath] of [
        [nested, undefined],
        [{ [key]: other }, undefined],
        [{ [key]: null }, nested],
      ] as const) {
        const { settings, warnings } = decodeSettings(section, beneath);
        assert.deepEqual([settings, warnings], [{ ...defaultSettings, [name]: value.decode(other) }, []]);
      }
      assert.deepEqual(value.decode(usual), usual, 'an editor may send the default');
    });

    it(`replace an unusable ${key} alone, and say so once`, () => {
      for (const bad of [
        { no: 'such value' },
        ['no', 7],
        7.5e9,
        -1,
        'no such value\u0000',
        Symbol('x'),
        NaN,
        () => 1,
      ]) {
        if (value.decode(bad) === undefined) {
          const { settings, warnings } = decodeSettings({ [key]: bad, offline: { mode: 'fallback' } });
          const { blocked, fault, ...values } = settings;
          const expected = { ...defaultSettings, offlineMode: 'fallback', [name]: unusable?.value ?? usual };
          assert.deepEqual(values, expected);
          assert.equal(warnings.length, 1);
          assert.ok(warnings[0]?.startsWith(`pinwatch.${key} should be ${value.expected}; `), warnings[0]);
          assert.deepEqual(
            [blocked !== undefined, fault !== undefined],
            [unusable?.kind === 'blocks', unusable?.kind === 'fault'],
          );
        }
      }
    });

    const { minimum, maximum } = value.schema;
    if (minimum !== undefined && maximum !== undefined) {
      it(`take ${key} within its limits only`, () => {
        assert.deepEqual(
          [minimum - 1, minimum, maximum, maximum + 1].map((number) => value.decode(number)),
          [undefined, minimum, maximum, undefined],
        );
        assert.equal(value.decode(minimum + 0.5) === undefined, value.schema.type === 'integer');
      });
    }
  }
});
