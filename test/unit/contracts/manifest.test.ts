import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  configurationSection,
  editorCommands,
  extensionId,
  findingsViewId,
  languageId,
} from '../../../protocol/ids.ts';
import { decodeSettings, defaultSettings, resourceKeys, type Settings } from '../../../protocol/settings.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly markdownDescription?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly tags?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly keywords: readonly string[];
  readonly icon: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
  readonly contributes: {
    readonly languages: readonly { readonly id: string; readonly configuration: string }[];
    readonly grammars: readonly { readonly language: string; readonly scopeName: string; readonly path: string }[];
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly when?: string }[]>>;
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg: string; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
  };
}

const english = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
/** package.json as VS Code shows it in English. */
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'), (_key, value: unknown) =>
  typeof value === 'string' ? (english[/^%(.+)%$/u.exec(value)?.[1] ?? ''] ?? value) : value,
) as Manifest;
const properties = new Map(manifest.contributes.configuration.flatMap((group) => Object.entries(group.properties)));

/** What the decoder says of the settings is none itself. */
type SettingKey = Exclude<keyof Settings, 'blocked' | 'fault'>;

/** The manifest's key of each setting; the compiler asks for a new one here. */
const keys: Readonly<Record<SettingKey, string>> = {
  enable: 'enable',
  filesInclude: 'files.include',
  filesExclude: 'files.exclude',
  debounceMilliseconds: 'scan.debounceMilliseconds',
  osvUrl: 'osv.url',
  osvTimeoutSeconds: 'osv.timeoutSeconds',
  osvConcurrency: 'osv.concurrency',
  indexUrl: 'index.url',
  networkTransport: 'network.transport',
  cacheMaxEntries: 'cache.maxEntries',
  cacheTtlMinutes: 'cache.ttlMinutes',
  cacheDetailsMaxAgeDays: 'cache.detailsMaxAgeDays',
  cacheRedisUrl: 'cache.redisUrl',
  offlineMode: 'offline.mode',
  offlineDatabasePath: 'offline.databasePath',
  offlineMaxDataAgeDays: 'offline.maxDataAgeDays',
  minimumSeverity: 'diagnostics.minimumSeverity',
  diagnosticSeverity: 'diagnostics.severity',
  diagnosticRanges: 'diagnostics.ranges',
  ignore: 'ignore',
  policyPackages: 'policy.packages',
  policyLicenses: 'policy.licenses',
  privatePackages: 'privacy.privatePackages',
  inlayHintsEnabled: 'inlayHints.enabled',
  codeLensEnabled: 'codeLens.enabled',
  statusBarEnabled: 'statusBar.enabled',
  metricsPort: 'metrics.port',
};
const settingNames = Object.keys(keys) as SettingKey[];
/** Read by the language client itself. */
const traceKey = `${configurationSection}.trace.server`;

function property(name: SettingKey): Property {
  const found = properties.get(`${configurationSection}.${keys[name]}`);
  assert.ok(found, `package.json has no setting ${keys[name]}`);
  return found;
}

describe('manifest', () => {
  it('has the id that the code knows', () => {
    assert.equal(`${manifest.publisher}.${manifest.name}`, extensionId);
  });

  it('offers exactly the settings that are decoded, and the trace', () => {
    const expected = [...settingNames.map((name) => `${configurationSection}.${keys[name]}`), traceKey];
    assert.deepEqual([...properties.keys()].sort(), expected.sort());
  });

  for (const name of settingNames) {
    it(`${keys[name]} has the default of the decoder`, () => {
      assert.deepEqual(property(name).default, defaultSettings[name]);
    });
  }

  for (const name of settingNames.filter((setting) => typeof defaultSettings[setting] === 'number')) {
    it(`${keys[name]} has the limits of the decoder`, () => {
      const { minimum, maximum } = property(name);
      assert.ok(minimum !== undefined && maximum !== undefined);
      const decoded = (value: number): unknown => decodeSettings({ [keys[name]]: value }).settings[name];
      assert.equal(decoded(minimum), minimum);
      assert.equal(decoded(maximum), maximum);
      assert.equal(decodeSettings({ [keys[name]]: minimum - 1 }).warnings.length, 1);
      assert.equal(decodeSettings({ [keys[name]]: maximum + 1 }).warnings.length, 1);
    });
  }

  it('offers only severities that the decoder takes', () => {
    for (const severity of property('minimumSeverity').enum ?? assert.fail('no choices')) {
      assert.deepEqual(decodeSettings({ 'diagnostics.minimumSeverity': severity }).warnings, []);
    }
    assert.deepEqual(
      Object.keys(property('diagnosticSeverity').properties ?? {}).sort(),
      Object.keys(defaultSettings.diagnosticSeverity).sort(),
    );
  });

  it('describes every setting, and every choice', () => {
    for (const [key, { markdownDescription, enum: choices, enumDescriptions }] of properties) {
      assert.ok(markdownDescription, `${key} has no description`);
      assert.equal(enumDescriptions?.length, choices?.length, `${key} leaves a choice undescribed`);
    }
  });

  it('lets no folder choose who answers', () => {
    assert.equal(property('osvUrl').scope, 'machine');
  });

  it('marks the settings of the advisory service as online', () => {
    const online = [...properties].filter(([, { tags }]) => tags?.includes('usesOnlineServices')).map(([key]) => key);
    assert.deepEqual(
      online.sort(),
      [...properties.keys()]
        .filter((key) => /^pinwatch\.(osv\.|index\.url$|cache\.redisUrl$|policy\.licenses$)/u.test(key))
        .sort(),
    );
  });

  it('leaves aside, in a folder that is not trusted, whatever could hide a finding', () => {
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
    const resource = [...properties].filter(([, { scope }]) => scope === 'resource').map(([key]) => key);
    assert.deepEqual([...restricted].sort(), resource.sort());
  });

  it('lets folders decide about exactly what the server reads for each folder', () => {
    assert.deepEqual(
      settingNames.filter((name) => property(name).scope === 'resource').sort(),
      [...resourceKeys].sort(),
    );
  });

  it('offers exactly the commands that are registered', () => {
    const commands = manifest.contributes.commands;
    assert.deepEqual(commands.map(({ command }) => command).sort(), Object.values(editorCommands).sort());
    assert.deepEqual([...new Set(commands.map(({ category }) => category))], ['Pinwatch']);
  });

  it('puts only its own commands into menus', () => {
    const known: readonly string[] = Object.values(editorCommands);
    const used = Object.values(manifest.contributes.menus).flatMap((entries) => entries.map(({ command }) => command));
    assert.ok(used.length > 0);
    assert.deepEqual(
      used.filter((command) => !known.includes(command)),
      [],
    );
  });

  it('shows its view only where there is a requirements file', () => {
    const views = Object.values(manifest.contributes.views).flat();
    assert.deepEqual(
      views.map(({ id, when }) => [id, when]),
      [[findingsViewId, 'pinwatch.hasRequirementFiles']],
    );
  });

  it('links, in words and walkthrough, only to commands that are there', () => {
    const text = JSON.stringify(manifest.contributes);
    const linked = [...text.matchAll(/(?:\(command:|onCommand:)([\w.]+)/gu)].map(([, command = '']) => command);
    const ofVSCode = ['workbench.action.openSettings', 'vscode.openFolder'];
    const known: readonly string[] = [...Object.values(editorCommands), ...ofVSCode];
    assert.ok(linked.length > 5);
    assert.deepEqual(
      linked.filter((command) => !known.includes(command)),
      [],
    );
  });

  it('walks through at most four steps, each with something to do and its picture told in words', () => {
    for (const { steps } of manifest.contributes.walkthroughs) {
      assert.ok(steps.length <= 4);
      for (const { description, media, completionEvents } of steps) {
        assert.match(description, /\(command:/u);
        assert.ok(media.altText.length > 20);
        assert.ok(completionEvents.length > 0);
      }
    }
  });

  it('knows the language and wakes up for it', () => {
    assert.deepEqual(
      manifest.contributes.languages.map(({ id }) => id),
      [languageId],
    );
    assert.ok(manifest.activationEvents.includes(`onLanguage:${languageId}`));
  });

  it('names no pattern in an activation event: VS Code would search the whole folder for it', () => {
    assert.deepEqual(
      manifest.activationEvents.filter((event) => event.includes('*')),
      [],
    );
  });

  it('names files that exist, and packs them', () => {
    const files = [
      manifest.icon,
      ...manifest.contributes.languages.map(({ configuration }) => configuration),
      ...manifest.contributes.grammars.map((grammar) => grammar.path),
      ...manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
      ...['package.nls.json', 'package.nls.de.json', 'l10n/bundle.l10n.de.json'],
    ].map((file) => path.posix.normalize(file));
    const packed = readFileSync(path.join(root, '.vscodeignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    for (const file of files) {
      assert.ok(existsSync(path.join(root, file)), `${file} is missing`);
      assert.ok(
        packed.some((pattern) => path.matchesGlob(file, pattern)),
        `${file} is not packed`,
      );
    }
  });

  it('has pictures in the walkthrough that keep their colours: its page lets no style sheet of theirs in', () => {
    for (const { media } of manifest.contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      const svg = readFileSync(path.join(root, media.svg), 'utf8');
      assert.doesNotMatch(svg, /<style|\sstyle=|\sclass=/u, media.svg);
      const shapes = svg.match(/<(?:text|rect|path|circle|polygon)\b[^>]*>/gu) ?? [];
      assert.ok(shapes.length > 3, media.svg);
      for (const shape of shapes) assert.match(shape, /\sfill="/u, `${media.svg}: ${shape} is black in every theme`);
    }
  });

  it('has a grammar of the scope that it announces', () => {
    for (const grammar of manifest.contributes.grammars) {
      const text = readFileSync(path.join(root, grammar.path), 'utf8');
      assert.equal((JSON.parse(text) as { readonly scopeName: string }).scopeName, grammar.scopeName);
    }
  });

  it('has an icon of 256 by 256 pixels and at most five keywords', () => {
    const icon = readFileSync(path.join(root, manifest.icon));
    assert.deepEqual([icon.readUInt32BE(16), icon.readUInt32BE(20)], [256, 256]);
    assert.ok(manifest.keywords.length <= 5);
  });

  it('has every setting and command in the README, with its default', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const rows = new Map(
      [...readme.matchAll(/^\| `(pinwatch\.[A-Za-z.]+)` \| ([^|]+) \|/gmu)].map(([, key = '', value = '']) => [
        key,
        value,
      ]),
    );
    assert.deepEqual([...rows.keys()].sort(), [...properties.keys()].sort());
    for (const [key, { type, default: value }] of properties) {
      // The map has a paragraph of its own.
      if (type !== 'object') {
        const shown = typeof value === 'string' ? value : JSON.stringify(value);
        assert.equal(rows.get(key), shown === '' ? 'empty' : `\`${shown}\``, key);
      }
    }
    for (const { category, title } of manifest.contributes.commands) {
      assert.ok(readme.includes(`| ${category}: ${title} |`), `README does not list ${title}`);
    }
  });
});
