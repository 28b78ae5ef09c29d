import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decodeSettings } from '../../../protocol/decodeSettings.ts';
import type { SettingDefinition } from '../../../protocol/defineSettings.ts';
import { defaultSettings, engineKeys, type Settings, settingsTable } from '../../../protocol/settings.ts';
import { nodeEnvironment } from '../../../server/src/main/nodeEnvironment.ts';
import { FakeLog } from '../../support/fakeLog.ts';

describe('settings that make the engine anew', () => {
  const environment = nodeEnvironment('1.2.3', 'unused');
  let folder: string;

  before(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-engine-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are exactly those that an engine reads', async () => {
    const read = new Set<string>();
    for (const offlineMode of ['online', 'fallback', 'offline'] as const) {
      const settings = new Proxy({ ...defaultSettings, offlineMode } satisfies Settings, {
        get: (target, name, receiver) => {
          read.add(String(name));
          return Reflect.get(target, name, receiver) as unknown;
        },
        ownKeys: () => assert.fail('what is copied cannot be told from what is read'),
      });
      const access = { params: {}, storagePath: folder, globalStoragePath: folder };
      const engine = environment.createEngine(settings, new FakeLog(), access);
      engine.describe();
      await engine.close();
    }
    assert.deepEqual([...read].sort(), [...engineKeys].sort());
  });

  for (const name of engineKeys) {
    const { key, value }: SettingDefinition = settingsTable[name];
    const { minimum, maximum } = value.schema;
    if (minimum !== undefined && maximum !== undefined) {
      it(`make one for every number that ${key} takes`, async () => {
        for (const number of [minimum, minimum + 0.5, maximum, maximum + 0.5]) {
          const { settings } = decodeSettings({ [key]: number });
          await environment.createEngine(settings, new FakeLog(), { params: {} }).close();
        }
      });
    }
  }
});
