import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * One full collection. `last-resort` returns the pages to the system, too. V8's function for it is not public: it is
 * there for the making of one context, so that no other code sees it. Where a runtime has none, nothing is done.
 */
export function collectGarbage(flavor: 'regular' | 'last-resort'): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') {
    (collect as (options: object) => void)({ type: 'major', execution: 'sync', flavor });
  }
}
