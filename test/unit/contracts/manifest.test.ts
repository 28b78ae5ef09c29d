import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { usualFiles } from '../../../client/src/requirementFilters.ts';
import {
  editorCommands,
  extensionId,
  findingsViewId,
  languageId,
  viewCommands,
  viewContainerId,
} from '../../../protocol/ids.ts';
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
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>
    >;
    readonly submenus: readonly { readonly id: string; readonly label: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Property>> }[];
  };
}

const english = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
const ownCommands: readonly string[] = [...Object.values(editorCommands), ...Object.values(viewCommands)];
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
    assert.deepEqual(commands.map(({ command }) => command).sort(), [...ownCommands].sort());
    assert.deepEqual([...new Set(commands.map(({ category }) => category))], ['Pinwatch']);
  });

  it('puts only its own commands into menus', () => {
    const used = Object.values(manifest.contributes.menus).flatMap((entries) =>
      entries.flatMap(({ command, submenu }) => (submenu === undefined ? [command] : [])),
    );
    assert.ok(used.length > 0);
    assert.deepEqual(
      used.filter((command) => command === undefined || !ownCommands.includes(command)),
      [],
    );
  });

  it('says whose commands they are in the menus of other windows', () => {
    const submenus = new Map(manifest.contributes.submenus.map(({ id, label }) => [id, label]));
    for (const menu of ['editor/context', 'explorer/context']) {
      const entries = manifest.contributes.menus[menu] ?? [];
      assert.ok(entries.length > 0);
      for (const { submenu = '' } of entries) assert.equal(submenus.get(submenu), 'Pinwatch', menu);
    }
  });

  it('keeps the commands of rows out of the palette', () => {
    const hidden = (manifest.contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'false');
    assert.deepEqual(hidden.map(({ command }) => command).sort(), Object.values(viewCommands).sort());
  });

  it('shows its view only where there is a requirements file', () => {
    const views = Object.entries(manifest.contributes.views).flatMap(([container, own]) =>
      own.map(({ id, when }) => [container, id, when]),
    );
    assert.deepEqual(views, [[viewContainerId, findingsViewId, 'pinwatch.hasRequirementFiles']]);
    assert.deepEqual(
      manifest.contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainerId],
    );
  });

  it('links, in words and walkthrough, only to commands that are there', () => {
    const text = JSON.stringify(manifest.contributes);
    const linked = [...text.matchAll(/(?:\(command:|onCommand:)([\w.]+)/gu)].map(([, command = '']) => command);
    const ofVSCode = ['workbench.action.openSettings', 'workbench.action.quickOpen'];
    const known: readonly string[] = [...ownCommands, ...ofVSCode];
    assert.ok(linked.length > 5);
    assert.deepEqual(
      linked.filter((command) => !known.includes(command)),
      [],
    );
  });

  it('walks through at most six steps, each with something to do and its picture told in words', () => {
    for (const { steps } of manifest.contributes.walkthroughs) {
      assert.ok(steps.length <= 6);
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

  it('searches a folder by name once, and only where no usual file is there: VS Code stops at the first match', () => {
    const names = manifest.activationEvents.flatMap((event) => /^workspaceContains:(.*)$/u.exec(event)?.[1] ?? []);
    const [patterns, exact] = [true, false].map((isPattern) =>
      names.filter((name) => name.includes('*') === isPattern),
    );
    assert.deepEqual(exact, usualFiles);
    assert.ok(patterns !== undefined && patterns.length <= 2);
    for (const pattern of patterns) assert.match(pattern, /requirements/u);
    for (const file of ['a/requirements/base.txt', 'a/b/dev-requirements.txt', 'x/constraints.txt']) {
      assert.ok(
        patterns.some((pattern) => path.matchesGlob(file, pattern)),
        file,
      );
    }
  });

  it('names files that exist, and packs them', () => {
    const files = [
      manifest.icon,
      ...manifest.contributes.viewsContainers.activitybar.map(({ icon }) => icon),
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

  it('has every setting in its page, with its default, limits, choices and scope', () => {
    const lines = readFileSync(path.join(root, 'docs/settings.md'), 'utf8').split('\n');
    const rows = new Map(
      lines.map((line) => [line, readReadmeRow(line)] as const).filter(([, row]) => row !== undefined),
    );
    assert.deepEqual([...rows.values()].map((row) => row?.name).sort(), allSettings.map(nameOf).sort(), outOfDate);
    for (const [line, row] of rows) {
      const setting = allSettings.find((one) => nameOf(one) === row?.name) ?? assert.fail(line);
      assert.equal(line, readmeRow(setting, row?.meaning ?? ''), outOfDate);
    }
  });

  it('has every command in the page about the editor', () => {
    const page = readFileSync(path.join(root, 'docs/in-the-editor.md'), 'utf8');
    const rows: readonly string[] = Object.values(viewCommands);
    for (const { category, title } of manifest.contributes.commands.filter(({ command }) => !rows.includes(command))) {
      assert.ok(page.includes(`| ${category}: ${title} |`), `docs/in-the-editor.md does not list ${title}`);
    }
  });
});
