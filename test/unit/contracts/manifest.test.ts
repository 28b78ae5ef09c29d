import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { editorCommands, extensionId, findingsViewId, languageId } from '../../../protocol/ids.ts';
import {
  allSettings,
  configuration,
  nameOf,
  readmeRow,
  readReadmeRow,
  restrictedConfigurations,
} from '../../support/settingsTexts.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Property {
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
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
const outOfDate = 'run `node tools/writeSettings.ts`';
const written = readManifest((text) => text);
/** package.json as VS Code shows it in English. */
const manifest = readManifest((text) => english[/^%(.+)%$/u.exec(text)?.[1] ?? ''] ?? text);
const properties = new Map(manifest.contributes.configuration.flatMap((group) => Object.entries(group.properties)));

function readManifest(shown: (text: string) => string): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'), (_key, value: unknown) =>
    typeof value === 'string' ? shown(value) : value,
  ) as Manifest;
}

describe('manifest', () => {
  it('has the id that the code knows', () => {
    assert.equal(`${manifest.publisher}.${manifest.name}`, extensionId);
  });

  it('offers exactly the settings of the table: defaults, limits, choices, scopes, order', () => {
    assert.deepEqual(written.contributes.configuration, configuration(), outOfDate);
  });

  it('has a text for every setting in English, and no other', () => {
    const texts = [...JSON.stringify(configuration()).matchAll(/%(configuration\.[\w.]+)%/gu)].map(([, key]) => key);
    const known = Object.keys(english).filter((key) => key.startsWith('configuration.'));
    assert.deepEqual([...new Set(texts)].sort(), known.sort());
  });

  it('describes every setting, and every choice', () => {
    for (const [key, { markdownDescription, enum: choices, enumDescriptions }] of properties) {
      assert.ok(markdownDescription, `${key} has no description`);
      assert.equal(enumDescriptions?.length, choices?.length, `${key} leaves a choice undescribed`);
    }
  });

  it('leaves aside, in a folder that is not trusted, whatever could hide a finding', () => {
    const { restrictedConfigurations: restricted } = written.capabilities.untrustedWorkspaces;
    assert.deepEqual(restricted, restrictedConfigurations(), outOfDate);
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

  it('has every setting in the README, with its default, limits, choices and scope', () => {
    const lines = readFileSync(path.join(root, 'README.md'), 'utf8').split('\n');
    const rows = new Map(
      lines.map((line) => [line, readReadmeRow(line)] as const).filter(([, row]) => row !== undefined),
    );
    assert.deepEqual([...rows.values()].map((row) => row?.name).sort(), allSettings.map(nameOf).sort(), outOfDate);
    for (const [line, row] of rows) {
      const setting = allSettings.find((one) => nameOf(one) === row?.name) ?? assert.fail(line);
      assert.equal(line, readmeRow(setting, row?.meaning ?? ''), outOfDate);
    }
  });

  it('has every command in the README', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    for (const { category, title } of manifest.contributes.commands) {
      assert.ok(readme.includes(`| ${category}: ${title} |`), `README does not list ${title}`);
    }
  });
});
