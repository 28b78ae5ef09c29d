#!/usr/bin/env node
import path from 'node:path';
import { exitCodes } from '../cli/exitCodes.ts';
import { compiledFolder, useCompileCache } from './start/compileCache.ts';
import { quickAnswer } from './quickAnswer.ts';
import { needsSqlite } from './needsSqlite.ts';
import { runOnNewerNode } from './start/runOnNewerNode.ts';
import { writeNow } from './writeNow.ts';

const argv = process.argv.slice(2);
const answer = quickAnswer(argv);
if (answer === undefined) {
  const elsewhere = needsSqlite(argv) ? runOnNewerNode() : undefined;
  void elsewhere?.then((code) => (code === undefined ? start() : (process.exitCode = code)));
  if (elsewhere === undefined) {
    start();
  }
} else if (typeof answer === 'string') {
  process.exitCode = writeNow(answer);
} else {
  answer.then((text) => (process.exitCode = writeNow(text)), start); // the program has the help too
}

/** Everything else takes time to load: a bundle of its own. */
function start(): void {
  const compiled = compiledFolder(process.argv[1] ?? '');
  load(compiled).catch((error: unknown) => {
    console.error(`pinwatch: a part of it cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = exitCodes.incomplete;
  });
}

async function load(compiled: string | undefined): Promise<void> {
  if (compiled === undefined) {
    await import('./cliMain.ts');
    return;
  }
  useCompileCache(compiled);
  const { keptName, runKept } = await import('./start/keptProgram.ts');
  runKept(path.resolve(compiled, '../main.js'), path.join(compiled, keptName(argv)));
}
