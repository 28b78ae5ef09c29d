import { createScanner, type ScannerParts } from '../../server/src/engine/lookup/createScanner.ts';
import type { Scanner } from '../../server/src/engine/lookup/scanner.ts';
import { AdvisoryStore, type StoreParts } from '../../server/src/engine/store/advisoryStore.ts';

/** A scanner with a store of its own. */
export function scannerOver(parts: Omit<ScannerParts, 'store'> & StoreParts): Scanner {
  return createScanner({ ...parts, store: new AdvisoryStore(parts) });
}
