import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { demoRecords } from '../support/demoRecords.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { environmentWith, newNode, root } from './nodes.ts';

const run = promisify(execFile);

/** The snippets of `docs/other-editors.md`, as they stand, in the editors that this machine has. */
describe('other editors', function () {
  this.timeout(60_000);
  let folder: string;
  let service: OsvService;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-editors-'));
    writeFileSync(path.join(folder, 'requirements.txt'), 'django==3.2.0\nsix==1.16.0\n');
    service = await startOsvService({ records: [demoRecords] });
  });

  afterEach(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** With where Pinwatch is, the server's source in place of its bundle, and the service on this machine. */
  function snippet(language: string): string {
    const page = readFileSync(path.join(root, 'docs/other-editors.md'), 'utf8');
    const [, found] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'u').exec(page) ?? [];
    assert.ok(found !== undefined, language);
    return found
      .replaceAll('/path/to/pinwatch/dist/server.js', path.join(root, 'server/src/main/serverMain.ts'))
      .replaceAll('https://api.osv.dev', service.url);
  }

  const environment = (): NodeJS.ProcessEnv =>
    environmentWith(newNode, { HOME: folder, XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder, XDG_DATA_HOME: folder });

  const expected = /django 3\.2\.0 has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\).* Update to 3\.2\.5\./u;

  it('Neovim shows the findings and offers the fix', async function () {
    if (spawnSync('nvim', ['--version']).status !== 0) {
      console.log('      skipped: Neovim is not installed');
      return this.skip();
    }
    const script = path.join(folder, 'init.lua');
    writeFileSync(
      script,
      `${snippet('lua')}
vim.cmd('edit ' .. '${path.join(folder, 'requirements.txt')}')
vim.wait(40000, function() return #vim.diagnostic.get(0) > 0 end, 50)
for _, one in ipairs(vim.diagnostic.get(0)) do io.stdout:write(one.message .. '\\n') end
local position = { line = 0, character = 10 }
local params = {
  textDocument = vim.lsp.util.make_text_document_params(0),
  range = { start = position, ['end'] = position },
  context = { diagnostics = {} },
}
for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/codeAction', params, 10000) or {}) do
  for _, action in ipairs(answer.result or {}) do io.stdout:write(action.title .. '\\n') end
end
vim.cmd('qall!')
`,
    );
    const { stdout } = await run('nvim', ['--headless', '-u', script], { env: environment(), cwd: folder });
    assert.match(stdout, expected);
    assert.match(stdout, /^Change django to 3\.2\.5 \(nearest safe/mu);
  });

  it('Emacs shows the findings', async function () {
    if (spawnSync('emacs', ['--batch', '--eval', "(progn (package-initialize) (require 'eglot))"]).status !== 0) {
      console.log('      skipped: Emacs with eglot is not installed');
      return this.skip();
    }
    const script = path.join(folder, 'init.el');
    writeFileSync(
      script,
      `(package-initialize)
${snippet('elisp')}
(find-file "${path.join(folder, 'requirements.txt')}")
;; In place of the hook, which waits for the first command.
(apply #'eglot--connect (eglot--guess-contact))
(flymake-mode 1)
(let ((tries 0))
  (while (and (null (flymake-diagnostics)) (< tries 400))
    (accept-process-output nil 0.1)
    (flymake-start)
    (setq tries (1+ tries))))
(dolist (one (flymake-diagnostics)) (princ (flymake-diagnostic-text one)) (terpri))
(kill-emacs 0)
`,
    );
    const { stdout } = await run('emacs', ['--batch', '--no-init-file', '--load', script], {
      env: environment(),
      cwd: folder,
    });
    assert.match(stdout, expected);
  });
});
