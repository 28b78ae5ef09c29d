import { benchColdScan } from './coldScan.ts';
import { benchMemory } from './memory.ts';
import { benchRequests } from './requests.ts';

/** What looking up 200 pins takes: time over a line with a delay, requests, and memory. */
export async function benchScan(): Promise<void> {
  await benchColdScan();
  await benchRequests();
  await benchMemory();
}
