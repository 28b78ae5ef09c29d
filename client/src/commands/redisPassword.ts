import { commands, type SecretStorage, window } from 'vscode';
import { readSetting, settingId } from '../editorSettings.ts';
import { redisHost, redisSecretKey } from './redisHost.ts';
import type { Translate } from '../texts/translate.ts';

/**
 * What the server's environment gets: the password for the team cache of the settings, and whose it is. Not in a message,
 * since messages may be traced.
 */
export async function redisEnvironment(secrets: SecretStorage): Promise<Readonly<Record<string, string>>> {
  const host = configuredHost();
  const password = host === undefined ? undefined : await secrets.get(redisSecretKey(host));
  return host === undefined || password === undefined
    ? {}
    : { PINWATCH_REDIS_PASSWORD: password, PINWATCH_REDIS_PASSWORD_HOST: host };
}

/** Whether a change of that secret is one of the password that is in use. */
export function isRedisSecret(key: string): boolean {
  const host = configuredHost();
  return host !== undefined && key === redisSecretKey(host);
}

/** Asks for the password of the team cache and keeps it where the editor keeps secrets; an empty one removes it. */
export async function setRedisPassword(secrets: SecretStorage, t: Translate): Promise<void> {
  const host = configuredHost();
  if (host === undefined) {
    const openSettings = t('Open Settings');
    const message = t('Pinwatch: name the Redis server in "pinwatch.cache.redisUrl" first.');
    if ((await window.showWarningMessage(message, openSettings)) === openSettings) {
      await commands.executeCommand('workbench.action.openSettings', settingId('cache.redisUrl'));
    }
    return;
  }
  const password = await window.showInputBox({
    title: t('Password for {0}', host),
    prompt: t('Saved in the secret storage of the editor. Leave it empty to remove it.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) {
    return;
  }
  if (password === '') {
    await secrets.delete(redisSecretKey(host));
  } else {
    await secrets.store(redisSecretKey(host), password);
  }
  const message = password === '' ? t('Password for {0} removed.', host) : t('Password for {0} saved.', host);
  window.setStatusBarMessage(`Pinwatch: ${message}`, 5_000);
}

function configuredHost(): string | undefined {
  return redisHost(readSetting('cache.redisUrl'));
}
