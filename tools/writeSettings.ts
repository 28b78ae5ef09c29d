import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  allSettings,
  configuration,
  nameOf,
  readmeRow,
  readReadmeRow,
  restrictedConfigurations,
} from '../test/support/settingsTexts.ts';

/**
 * Writes the settings of `protocol/settings.ts` into package.json and docs/settings.md, and names the texts that package.nls*.json
 * lack. Run it after a change of the table: `node tools/writeSettings.ts`.
 */
function writeSettings(): void {
  const english = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
  const manifest = JSON.parse(read('package.json')) as Manifest;
  manifest.contributes.configuration = configuration();
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restrictedConfigurations();
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  write('docs/settings.md', withRows(read('docs/settings.md'), english));
  const keys = [...JSON.stringify(manifest).matchAll(/%(configuration\.[\w.]+)%/gu)].map(([, key = '']) => key);
  for (const file of ['package.nls.json', 'package.nls.de.json']) {
    const texts = JSON.parse(read(file)) as object;
    keys.filter((key) => !Object.hasOwn(texts, key)).forEach((key) => console.log(`${file} lacks "${key}"`));
  }
}

interface Manifest {
  readonly contributes: { configuration: unknown };
  readonly capabilities: { readonly untrustedWorkspaces: { restrictedConfigurations: unknown } };
}

const root = path.resolve(import.meta.dirname, '..');

/** Each setting keeps its meaning and its place; a new one stands last, with its description. */
function withRows(readme: string, english: Readonly<Record<string, string>>): string {
  const missing = new Map(allSettings.map((setting) => [nameOf(setting), setting]));
  const lines: string[] = [];
  let lastRow = 0;
  for (const line of readme.split('\n')) {
    const row = readReadmeRow(line);
    const setting = row && missing.get(row.name);
    if (row === undefined || setting !== undefined) {
      lines.push(setting === undefined ? line : readmeRow(setting, row?.meaning ?? ''));
    }
    if (row !== undefined) {
      missing.delete(row.name);
      lastRow = lines.length;
    }
  }
  const added = [...missing.values()].map((setting) =>
    readmeRow(setting, english[`configuration.${setting.key}.markdownDescription`] ?? ''),
  );
  return lines.toSpliced(lastRow, 0, ...added).join('\n');
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function write(file: string, text: string): void {
  writeFileSync(path.join(root, file), text);
}

writeSettings();
