import { type SecretStorage, window } from 'vscode';
import type { Translate } from '../texts/translate.ts';

/** Under which the key is kept in the editor's secret storage. */
const secretKey = 'cache.key';

/** What the server's environment gets: the key that kept answers are authenticated with. Not in a message, which may be traced. */
export async function cacheKeyEnvironment(secrets: SecretStorage): Promise<Readonly<Record<string, string>>> {
  const key = await secrets.get(secretKey);
  return key === undefined ? {} : { PINWATCH_CACHE_KEY: key };
}

/** Whether a change of that secret is one of the key. */
export function isCacheKey(key: string): boolean {
  return key === secretKey;
}

/** Asks for the key and keeps it where the editor keeps secrets; an empty one removes it. */
export async function setCacheKey(secrets: SecretStorage, t: Translate): Promise<void> {
  const key = await window.showInputBox({
    title: t('Cache key'),
    prompt: t('Stored answers are used only if they were stored with this key. Leave it empty to remove it.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (key === undefined) {
    return;
  }
  if (key === '') {
    await secrets.delete(secretKey);
  } else {
    await secrets.store(secretKey, key);
  }
  const message = key === '' ? t('Cache key removed.') : t('Cache key saved.');
  window.setStatusBarMessage(`Pinwatch: ${message}`, 5_000);
}
