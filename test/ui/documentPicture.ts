import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { smallPng } from '../vscode/smallPng.ts';
import { root, version } from './uiWindow.ts';

/** The page as a picture of the documentation, where PINWATCH_SCREENSHOTS=1 asks for new ones. */
export async function documentPicture(page: Page, file: string): Promise<void> {
  if (process.env['PINWATCH_SCREENSHOTS'] === '1' && version === 'newest') {
    mkdirSync(path.join(root, 'docs/images'), { recursive: true });
    writeFileSync(path.join(root, 'docs/images', file), smallPng(await page.screenshot()));
  }
}
