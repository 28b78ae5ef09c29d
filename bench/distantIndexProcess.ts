import { startCannedIndex } from './cannedIndex.ts';
import type { IndexDistance } from './distantIndex.ts';
import { startRelay } from './relay.ts';

// Says to its parent where it is, and ends with it.
const { roundTripMs, ...options } = JSON.parse(process.argv[2] ?? '') as IndexDistance;
const index = await startCannedIndex(options);
const pages = await startRelay(index.port, roundTripMs);
const files = await startRelay(index.port, roundTripMs);
index.filesAt = `https://127.0.0.1:${files.port}`;
process.send?.({ url: `https://127.0.0.1:${pages.port}/simple`, ca: index.ca });
process.on('disconnect', () => {
  index.close();
  void pages.close();
  void files.close();
});
