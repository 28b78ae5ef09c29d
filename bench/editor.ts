import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { openBrowser, startVSCode } from '../test/vscode/launch.ts';
import { interleave } from './interleave.ts';
import { manyRecords } from './manyPins.ts';
import { printRatio } from './printRatio.ts';

const root = path.resolve(import.meta.dirname, '..');
const rounds = 40;
// Behind it, a pause in typing has been noticed and all that it brings is over.
const pauseMs = 700;

// Every line is clean as it stands; without its last character it is underlined.
const provider = '# floor 12';
const pin = 'vulnerable-0==12';

/** From a key to the squiggle that it brings, in the workbench of a real VS Code; the answer is known already. */
export async function benchEditor(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  const service = await startOsvService({ records: [manyRecords(1)] });
  try {
    const vsix = packaged(folder);
    for (const lines of [2, 200]) {
      const workspace = path.join(folder, `workspace-${lines}`);
      mkdirSync(workspace);
      const others = Array.from({ length: lines - 2 }, (_, index) => `clean-${index}==1.0\n`).join('');
      writeFileSync(path.join(workspace, 'requirements.txt'), `${provider}\n${pin}\n${others}`);
      await benchFile(workspace, lines, vsix, service.url);
    }
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
}

async function benchFile(workspace: string, lines: number, vsix: readonly string[], osvUrl: string): Promise<void> {
  const code = await startVSCode({
    version: 'newest',
    workspace,
    vsix,
    settings: {
      'pinwatch.osv.url': osvUrl,
      'pinwatch.index.url': '',
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      'editor.wordBasedSuggestions': 'off',
      'editor.suggestOnTriggerCharacters': false,
      'editor.lightbulb.enabled': 'off',
    },
  });
  const { browser, page } = await openBrowser();
  try {
    page.setDefaultTimeout(30_000);
    await page.goto(code.url([['openFile', code.remoteUri(path.join(code.workspace, 'requirements.txt'))]]));
    await page.locator('.editor-instance .view-line', { hasText: 'vulnerable-0' }).click();
    await page.keyboard.press('Control+Home');
    // What is known is known from here on; what starts late has started.
    await keyToSquiggle(page, 'provider');
    await keyToSquiggle(page, 'pin');
    const samples = await interleave(
      [
        { name: 'floor', measure: () => keyToSquiggle(page, 'provider') },
        { name: 'pinwatch', measure: () => keyToSquiggle(page, 'pin') },
      ],
      { rounds, warmUp: 5 },
    );
    const floor = { name: 'floor', title: 'a provider in the extension host' };
    printRatio(`key to squiggle, ${lines} lines, VS Code ${code.release}`, samples, 'pinwatch', floor);
  } finally {
    await browser.close();
    await code.stop();
  }
}

/** Deletes the last character of a line, takes the time, and puts it back. */
async function keyToSquiggle(page: Page, which: 'provider' | 'pin'): Promise<number> {
  await page.keyboard.press('Control+Home');
  if (which === 'pin') {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('End');
  await page.waitForTimeout(pauseMs);
  const watch = await page.evaluateHandle(watchForSquiggle);
  await page.keyboard.press('Backspace');
  const taken = await watch.evaluate(({ taken }) => taken);
  await page.keyboard.type('2');
  await page.waitForFunction(() => document.querySelector('[class*="squiggly-"]') === null);
  return taken;
}

/** In the page: both times are by its clock. Watches from now on. */
function watchForSquiggle(): { readonly taken: Promise<number> } {
  const isThere = (): boolean => document.querySelector('[class*="squiggly-"]') !== null;
  if (isThere()) {
    throw new Error('there is a squiggle already');
  }
  let pressed = NaN;
  document.addEventListener('keydown', () => (pressed = performance.now()), { capture: true, once: true });
  const taken = new Promise<number>((resolve) => {
    const observer = new MutationObserver(() => {
      if (isThere()) {
        observer.disconnect();
        resolve(performance.now() - pressed);
      }
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['class'] });
  });
  return { taken };
}

/** Pinwatch as it is released, and the provider it is compared with. */
function packaged(folder: string): readonly string[] {
  const [pinwatch, provider] = [path.join(folder, 'pinwatch.vsix'), path.join(folder, 'provider.vsix')];
  const vsce = (cwd: string, out: string): void => {
    const file = path.join(root, 'node_modules/.bin/vsce');
    const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--no-rewrite-relative-links'];
    execFileSync(file, ['package', ...flags, '-o', out], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  execFileSync(process.execPath, ['esbuild.mjs', '--release'], { cwd: root, stdio: 'inherit' });
  vsce(root, pinwatch);
  vsce(path.join(root, 'bench/inProcessProvider'), provider);
  return [pinwatch, provider];
}
