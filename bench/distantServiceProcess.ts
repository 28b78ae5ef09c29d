import { startCannedService } from './cannedService.ts';
import type { Distance } from './distantService.ts';
import { startRelay } from './relay.ts';

// Tells its parent where it is, and ends with it.
const { roundTripMs, ...options } = JSON.parse(process.argv[2] ?? '') as Distance;
const service = await startCannedService(options);
const relay = await startRelay(service.port, roundTripMs);
process.send?.({ url: `https://127.0.0.1:${relay.port}`, ca: service.ca });
process.on('disconnect', () => {
  service.close();
  void relay.close();
});
