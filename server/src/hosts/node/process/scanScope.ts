import { AsyncLocalStorage } from 'node:async_hooks';
import type { ScanScope } from '../../../engine/ports.ts';

/** Follows work over promises and timers, so that no part of a scan has to hand the id on. */
export function createScanScope(): ScanScope {
  const scope = new AsyncLocalStorage<string>();
  return {
    get scanId() {
      return scope.getStore();
    },
    run: (scanId, work) => scope.run(scanId, work),
  };
}
