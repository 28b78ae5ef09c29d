import assert from 'node:assert/strict';
import type { SettingDefinition } from '../../protocol/defineSettings.ts';
import { serverCommands } from '../../protocol/ids.ts';
import { settingNames, settingsTable } from '../../protocol/settings.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';
import { otherSetting } from '../support/otherSetting.ts';

const project = 'file:///project';

describe('language server, a change of each setting', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    environment.disk.set(`${project}/requirements.txt`, 'django==3.2.0\n');
    environment.disk.set(`${project}/wanted.lst`, 'six==1.16.0\n');
    const { files } = environment;
    const discover = files.discover.bind(files);
    files.discover = async (folder, options) => {
      const found = await discover(folder, options);
      return { ...found, uris: found.uris.filter((uri) => uri.endsWith('.txt') || options.include.length > 0) };
    };
    client = await TestClient.start(environment, { folders: [project], pull: false });
  });

  afterEach(() => client.stop());

  /** All that is asked about when every file is checked again. */
  async function asked(): Promise<readonly string[]> {
    const before = environment.scanner.questions.length;
    await client.execute(serverCommands.rescan);
    return [...new Set(environment.scanner.questions.slice(before).flatMap(({ pins }) => pins))].sort();
  }

  for (const name of settingNames) {
    const { key, affects }: SettingDefinition = settingsTable[name];
    const effect = affects === 'engine' ? 'makes the engine anew' : `keeps the engine (${affects})`;

    it(`${key} ${effect}`, async () => {
      const before = await asked();
      assert.deepEqual([environment.engines.length, environment.closedEngines, before], [1, 0, ['django==3.2.0']]);
      await client.changeSettings({ [key]: otherSetting(name) });
      const after = await asked();
      const renewed = affects === 'engine' ? 1 : 0;
      assert.deepEqual([environment.engines.length, environment.closedEngines], [1 + renewed, renewed]);
      if (affects === 'engine') {
        assert.deepEqual((environment.engines.at(-1) as object)[name as never], otherSetting(name));
      }
      assert.equal(JSON.stringify(after) !== JSON.stringify(before), affects === 'files', after.join());
    });
  }
});
