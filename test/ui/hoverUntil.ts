import type { Locator, Page } from 'playwright-core';

/**
 * Rests the mouse on `target` until `shown` is there. What is drawn again under a mouse that rests takes its hover with it, so
 * the mouse leaves and comes back.
 */
export async function hoverUntil(page: Page, target: Locator, shown: Locator, position?: Position): Promise<void> {
  for (let tries = 0; tries < 6; tries++) {
    await target.hover(position === undefined ? {} : { position });
    const isShown = await shown.waitFor({ timeout: 3_000 }).then(
      () => true,
      () => false,
    );
    if (isShown) return;
    await page.mouse.move(600, 500);
  }
  await target.hover(position === undefined ? {} : { position });
  await shown.waitFor();
}

interface Position {
  readonly x: number;
  readonly y: number;
}
