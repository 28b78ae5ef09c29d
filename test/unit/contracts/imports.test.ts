import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** The import table of ARCHITECTURE.md: folder → what it may import. `~` stands for any import of types only. */
const table: readonly {
  folder: string;
  folders: readonly string[];
  packages: readonly RegExp[];
  types?: readonly RegExp[];
}[] = [
  { folder: 'protocol', folders: ['protocol'], packages: [] },
  { folder: 'server/src/core', folders: ['server/src/core'], packages: [/^ae-cvss-calculator$/u] },
  {
    folder: 'server/src/engine',
    folders: ['server/src/engine', 'server/src/core'],
    packages: [/^lru-cache$/u, /^node:(crypto|zlib)$/u],
  },
  {
    folder: 'server/src/hosts',
    folders: ['server/src/hosts', 'server/src/project', 'server/src/engine', 'server/src/core'],
    packages: [/^node:/u, /^undici$/u, /^p-limit$/u, /^lru-cache$/u, /^ioredis$/u],
  },
  {
    folder: 'server/src/project',
    folders: ['server/src/project', 'server/src/engine', 'server/src/core', 'protocol'],
    packages: [/^vscode-uri$/u],
  },
  {
    folder: 'server/src/features',
    folders: ['server/src/features', 'server/src/project', 'server/src/core', 'server/src/engine', 'protocol'],
    packages: [],
    types: [/^vscode-languageserver-types$/u],
  },
  {
    folder: 'server/src/lsp',
    folders: [
      'server/src/lsp',
      'server/src/features',
      'server/src/project',
      'server/src/engine',
      'server/src/core',
      'protocol',
    ],
    packages: [/^vscode-languageserver$/u],
  },
  {
    folder: 'server/src/cli',
    folders: ['server/src/cli', 'server/src/project', 'server/src/engine', 'server/src/core', 'protocol'],
    packages: [/^node:util$/u],
  },
  {
    folder: 'server/src/main',
    folders: ['server/src', 'protocol'],
    packages: [/^node:/u, /^vscode-languageserver\/node$/u],
  },
  {
    folder: 'client/src',
    folders: ['client/src', 'protocol'],
    packages: [/^vscode$/u, /^vscode-languageclient(\/node)?$/u],
  },
];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

describe('import table', () => {
  for (const { folder, folders, packages, types = [] } of table) {
    it(`${folder} imports only what ARCHITECTURE.md lets it`, () => {
      const found = importsOf(folder);
      assert.ok(found.files > 0, `${folder} has no source files`);
      const forbidden = found.imports.filter(({ file, target, typeOnly }) => {
        if (target.startsWith('.')) {
          const to = path
            .relative(root, path.resolve(path.dirname(file), target))
            .split(path.sep)
            .join('/');
          return (
            to !== 'package.json' &&
            !to.startsWith('l10n/server.') &&
            !folders.some((allowed) => to.startsWith(`${allowed}/`))
          );
        }
        return ![...packages, ...(typeOnly ? types : [])].some((allowed) => allowed.test(target));
      });
      assert.deepEqual(
        forbidden.map(({ file, target }) => `${path.relative(root, file)} imports ${target}`),
        [],
      );
    });
  }

  it('covers every source folder', () => {
    const covered = new Set(table.map(({ folder }) => folder));
    const present = [
      ...readdirSync(path.join(root, 'server/src')).map((name) => `server/src/${name}`),
      'protocol',
      'client/src',
    ];
    assert.deepEqual(
      present.filter((folder) => !covered.has(folder)),
      [],
    );
  });

  it('stands below a map of the folders that there are', () => {
    const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
    const rows = text
      .slice(text.indexOf('## Map'), text.indexOf('## Who may import whom'))
      .matchAll(/^\| (`[^|]*) \|/gmu);
    const mapped = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/gu)].map(([, name = '']) => name));
    assert.deepEqual(
      mapped.filter((name) => !name.includes('*') && !existsSync(path.join(root, name))),
      [],
    );
    const present = [...table.map(({ folder }) => folder), 'bench', 'docs', 'sample', 'tools'];
    assert.deepEqual(
      present.filter((folder) => !mapped.includes(`${folder}/`)),
      [],
    );
  });

  for (const layer of ['core', 'engine']) {
    it(`no two folders of ${layer} import each other, in however many steps`, () => {
      const folder = path.join(root, 'server/src', layer);
      // What lies in no folder of the layer belongs to one that all others may use.
      const folderOf = (file: string) => path.relative(folder, file).split(path.sep).slice(0, -1)[0] ?? '.';
      const imported = new Map<string, Set<string>>();
      for (const { file, target } of importsOf(`server/src/${layer}`).imports) {
        const [from, to] = [folderOf(file), folderOf(path.resolve(path.dirname(file), target))];
        if (target.startsWith('.') && from !== to) imported.set(from, (imported.get(from) ?? new Set()).add(to));
      }
      const reached = (from: string, seen = new Set<string>()): ReadonlySet<string> => {
        for (const to of imported.get(from) ?? []) {
          if (!seen.has(to)) reached(to, seen.add(to));
        }
        return seen;
      };
      assert.deepEqual(
        [...imported.keys()].filter((one) => reached(one).has(one)),
        [],
      );
    });
  }

  it('nothing but the list of kinds knows a format of manifests', () => {
    const manifests = 'server/src/core/manifests';
    // What several formats have in common is no format.
    const common = ['pep508', 'reading'];
    const kinds = readdirSync(path.join(root, manifests), { withFileTypes: true }).filter(
      (one) => one.isDirectory() && !common.includes(one.name),
    );
    const found = kinds.flatMap(({ name }) => {
      const folder = path.join(root, manifests, name, path.sep);
      return importsOf('server/src').imports.filter(
        ({ file, target }) =>
          target.startsWith('.') &&
          !file.startsWith(folder) &&
          file !== path.join(root, manifests, 'manifestKinds.ts') &&
          path.resolve(path.dirname(file), target).startsWith(folder),
      );
    });
    assert.ok(kinds.length > 0);
    assert.deepEqual(
      found.map(({ file, target }) => `${path.relative(root, file)} imports ${target}`),
      [],
    );
  });

  it('core has no promise, clock, randomness or environment', () => {
    const impure = /\b(Promise|async|await|Date\.now|new Date\(\)|Math\.random|process\.|performance\.)/u;
    const found = sources('server/src/core').filter((file) => impure.test(withoutComments(readFileSync(file, 'utf8'))));
    assert.deepEqual(
      found.map((file) => path.relative(root, file)),
      [],
    );
  });
});

function importsOf(folder: string): { readonly files: number; readonly imports: readonly Import[] } {
  const files = sources(folder);
  const imports = files.flatMap((file) => {
    const text = withoutComments(readFileSync(file, 'utf8'));
    const statements = [
      ...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"();]*?\sfrom\s+['"]([^'"]+)['"]/gmu),
      ...text.matchAll(/\b(?:import|require)\s*(type)?\(\s*['"]([^'"]+)['"]/gu),
      ...text.matchAll(/^\s*import\s+(type\s)?['"]([^'"]+)['"]/gmu),
    ];
    return statements.map(([, type, target = '']) => ({ file, target, typeOnly: type !== undefined }));
  });
  return { files: files.length, imports };
}

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//gu, '').replace(/(^|\s)\/\/.*$/gmu, '$1');
}
