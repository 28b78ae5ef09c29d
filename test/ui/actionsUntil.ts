import type { Locator, Page } from 'playwright-core';

/**
 * Opens the menu of the light bulb until `shown` is in it. What is drawn again, or gets the focus late, closes a menu that has just
 * opened.
 */
export async function actionsUntil(page: Page, shown: Locator): Promise<void> {
  for (let tries = 0; tries < 4; tries++) {
    await page.keyboard.press('Control+.');
    const isShown = await shown.waitFor({ timeout: 5_000 }).then(
      () => true,
      () => false,
    );
    if (isShown) return;
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Control+.');
  await shown.waitFor();
}
