import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import type { TestClient } from '../test/support/lspHarness.ts';

/**
 * `node tools/traceKey.ts`: types letters into an open file of 200 lines, of which everything is known, and says through which
 * of our source files each goes on its way to the published diagnostics. `--moves` lists each move.
 *
 * Counted is every function of `server/src` and `protocol` that runs from the arrival of `didChange` until the server has
 * nothing more to do about it, also what runs behind the publish; callbacks, accessors and predicates are functions, too. A move is
 * a call from a function of one file to a function of another one. Returns are no moves. An asynchronous function counts
 * as over at its first wait. Constructors and generators count with what calls them. Nothing of packages is counted.
 */
const { values } = parseArgs({ options: { moves: { type: 'boolean', default: false } } });

const root = path.resolve(import.meta.dirname, '..');
const ours = /\/(?:server\/src|protocol)\/.*\.ts$/u;

interface Call {
  readonly from: string | undefined;
  readonly to: string;
}

const stack: string[] = [];
let calls: Call[] = [];

// The traced code calls these two.
Object.assign(globalThis, {
  traceEnter: (file: string) => {
    calls.push({ from: stack.at(-1), to: file });
    stack.push(file);
  },
  traceLeave: (value: unknown) => {
    stack.pop();
    return value;
  },
});

registerHooks({
  load: (url, context, next) => {
    if (!url.startsWith('file:') || !ours.test(url)) {
      return next(url, context);
    }
    const file = fileURLToPath(url);
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ESNext, verbatimModuleSyntax: true };
    const source = ts.transpileModule(traced(file), { compilerOptions: options }).outputText;
    return { format: 'module', source, shortCircuit: true };
  },
});

interface Insertion {
  readonly at: number;
  readonly text: string;
  readonly isClosing: boolean;
}

/** The text of a source file whose functions say when they begin and end. */
function traced(file: string): string {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
  const enter = `traceEnter(${JSON.stringify(path.relative(root, file))})`;
  const insertions: Insertion[] = [];
  const add = (at: number, inserted: string, isClosing = false): void =>
    void insertions.push({ at, text: inserted, isClosing });
  const visit = (node: ts.Node): void => {
    if (isTraced(node) && node.body !== undefined) {
      const { body } = node;
      const [start, end] = [body.getStart(source), body.end];
      if (!ts.isBlock(body)) {
        add(start, `(${enter},traceLeave(`);
        add(end, '))', true);
      } else if (isAsync(node) || body.statements.length === 0) {
        add(start + 1, `${enter};traceLeave();`);
      } else {
        add(start + 1, `${enter};try{`);
        add(end - 1, '}finally{traceLeave()}', true);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return applied(text, insertions);
}

function isTraced(node: ts.Node): node is ts.FunctionLikeDeclaration {
  const isFunction =
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node);
  return isFunction && !(isAsync(node) && ts.isArrowFunction(node) && !ts.isBlock(node.body)) && !isGenerator(node);
}

function isAsync(node: ts.FunctionLikeDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
}

function isGenerator(node: ts.FunctionLikeDeclaration): boolean {
  return node.asteriskToken !== undefined;
}

/** At one place what closes comes first, the innermost before the others. */
function applied(text: string, insertions: readonly Insertion[]): string {
  const ordered = insertions
    .map((insertion, index) => ({ ...insertion, order: insertion.isClosing ? -index : index }))
    .sort((a, b) => a.at - b.at || Number(b.isClosing) - Number(a.isClosing) || a.order - b.order);
  let result = '';
  let from = 0;
  for (const { at, text: inserted } of ordered) {
    result += text.slice(from, at) + inserted;
    from = at;
  }
  return result + text.slice(from);
}

// What is imported from here on is traced.
const { nodeEnvironment } = await import('../server/src/main/nodeEnvironment.ts');
const { startOsvService } = await import('../test/osv-service/osvService.ts');
const harness = await import('../test/support/lspHarness.ts');

const uri = 'file:///project/requirements.txt';
const lines = [
  '# a comment',
  'django==3.2.0 # why',
  ...Array.from({ length: 198 }, (_, index) => `package-${index}==1.0`),
];
const keys = [
  { what: 'a letter in a comment', line: 0, character: 5, text: 'x' },
  { what: 'a letter in the comment behind a requirement', line: 1, character: 17, text: 'x' },
  { what: 'a blank line at the top', line: 0, character: 0, text: '\n' },
  { what: 'a letter in a name', line: 100, character: 3, text: 'x' },
];

const service = await startOsvService({});
const client = await harness.TestClient.start(nodeEnvironment('0.0.0', ''), {
  settings: { osv: { url: service.url }, index: { url: 'none' }, scan: { debounceMilliseconds: 60_000 } },
  capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
  initializationOptions: { storagePath: undefined },
});
await client.open(uri, `${lines.join('\n')}\n`);
await client.waitForStatus('all answers', ({ state, checking }) => state === 'idle' && checking === 0);
let version = 1;
for (const { what, line, character, text } of keys) {
  // Twice: what is worked out once is worked out then.
  await typed(client, line, character, text);
  const log = await typed(client, line, character, text);
  const files = new Set(log.map(({ to }) => to));
  const moves = log.filter(({ from, to }) => from !== undefined && from !== to);
  console.log(`${what}: ${files.size} files, ${moves.length} moves, ${log.length} calls`);
  if (values.moves) {
    moves.forEach(({ from, to }) => console.log(`  ${from} -> ${to}`));
  }
}
await client.stop();
await service.close();
process.exit(0);

async function typed(editor: TestClient, line: number, character: number, text: string): Promise<readonly Call[]> {
  const next = ++version;
  calls = [];
  await editor.edit(uri, next, line, character, character, text);
  await editor.waitFor(`version ${next}`, () => editor.published.find((params) => params.version === next));
  // The diagnostics of a flood, and whatever is left to the next turns.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return calls;
}
