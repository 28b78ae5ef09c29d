import { openFindings, openUiWindow, runCommand, type UiWindow, version } from './uiWindow.ts';

/** One file, opened by itself: what the commands and lists that are about a workspace say then. */
describe(`a window without a folder in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;

  before(async () => {
    ui = await openUiWindow({
      workspace: { 'requirements.txt': 'django==3.2.0\nsix==1.16.0\n' },
      window: 'nothing',
    });
  });

  after(() => ui?.close());

  it('says what was looked at, and never that the workspace is well', async () => {
    const { page } = ui;
    try {
      await page.locator('.squiggly-error').first().waitFor();
      await page.locator('.editor-instance .view-line', { hasText: 'django' }).click();
      await runCommand(page, 'Pinwatch: Scan Workspace');
      await page
        .getByText('no folder is open; of the open files: 2 requirements in 1 file: 1 vulnerable.')
        .first()
        .waitFor();
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('5');
      await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
      await openFindings(page);
      await page.getByText('No folder is open, so no other file has been checked.').first().waitFor();
    } finally {
      await ui.picture('no-folder');
    }
  });
});
