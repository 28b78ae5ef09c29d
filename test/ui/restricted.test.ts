import { openUiWindow, type UiWindow, version } from './uiWindow.ts';

/** A folder that is not trusted, whose own settings would have it look clean. */
describe(`Restricted Mode in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;

  before(async () => {
    const hiding = { 'pinwatch.enable': false, 'pinwatch.files.exclude': ['**'], 'pinwatch.ignore': [] };
    ui = await openUiWindow({
      workspace: {
        'requirements.txt': 'django==3.2.0\nsix==1.16.0\n',
        '.vscode/settings.json': JSON.stringify(hiding),
      },
      trust: false,
    });
  });

  after(() => ui?.close());

  it('checks all the same, and leaves aside what the folder says', async () => {
    const { page } = ui;
    await page.getByText('Restricted Mode').first().waitFor();
    try {
      await page.locator('.squiggly-error').first().waitFor();
      await page.locator('.statusbar-item[id="pinwatch.pinwatch.pinwatch.status"]').getByText('1').waitFor();
    } finally {
      await ui.picture('restricted');
    }
  });
});
