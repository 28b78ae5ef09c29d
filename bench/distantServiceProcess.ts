import { startOsvService } from '../test/osv-service/osvService.ts';
import type { Distance } from './distantService.ts';
import { manyRecords } from './manyPins.ts';
import { startRelay } from './relay.ts';

// Tells its parent where it is, and ends with it.
const { count, roundTripMs, serviceMs, streams } = JSON.parse(process.argv[2] ?? '') as Distance;
const service = await startOsvService({ records: [manyRecords(count)], maxConcurrentStreams: streams });
service.faults.set('all', { kind: 'thinkTime', ms: serviceMs });
const relay = await startRelay(Number(new URL(service.tlsUrl).port), roundTripMs);
process.send?.({ url: `https://127.0.0.1:${relay.port}`, ca: service.ca });
process.on('disconnect', () => {
  void Promise.all([relay.close(), service.close()]);
});
