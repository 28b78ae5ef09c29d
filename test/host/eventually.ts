import type * as vscode from 'vscode';

const patienceMs = 15_000;

/** Resolves once `holds`, looked at now and after every event; rejects with what `last` says after a while. */
export function eventually(event: vscode.Event<unknown>, holds: () => boolean, last: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (holds()) {
        clearTimeout(timer);
        listening.dispose();
        resolve();
      }
    };
    const listening = event(look);
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`in vain; last: ${last()}`));
    }, patienceMs);
    look();
  });
}
