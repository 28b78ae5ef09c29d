import { cpSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../vscode/runCommand.ts';
import { root } from './nodes.ts';

/** Puts what the working tree holds, but for ignored files, into a new git repository with one commit. */
export async function makeGitCheckout(folder: string): Promise<void> {
  const files = await runCommand('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const copied = files.split('\0').filter((file) => file !== '');
  for (const file of copied) {
    cpSync(path.join(root, file), path.join(folder, file), { force: true });
  }
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
  await runCommand('git', ['init', '--quiet'], { cwd: folder });
  await runCommand('git', ['add', '--all'], { cwd: folder });
  await runCommand('git', [...author, 'commit', '--quiet', '--no-verify', '--message', 'All of it'], { cwd: folder });
}
