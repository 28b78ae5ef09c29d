import type { RedisHost } from './redisAddress.ts';

/** Slots of a cluster, both ends included, and the server that has them. */
export interface SlotRange extends RedisHost {
  readonly from: number;
  readonly to: number;
}

export const slotCount = 16_384;
// The largest cluster that Redis itself recommends has 1,000 nodes.
const mostRanges = 16_384;

/** The slot of a key without braces: CRC16 (XMODEM) of it, as the specification of Redis Cluster has it. */
export function slotOf(key: string): number {
  let crc = 0;
  for (let index = 0; index < key.length; index++) {
    crc ^= key.charCodeAt(index) << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    }
  }
  return (crc & 0xffff) % slotCount;
}

/** The answer to `CLUSTER SLOTS`; `undefined` for anything else. A server without an address is the one that was asked. */
export function decodeSlots(answer: unknown, asked: RedisHost): readonly SlotRange[] | undefined {
  if (!Array.isArray(answer) || answer.length > mostRanges) {
    return undefined;
  }
  const ranges: SlotRange[] = [];
  for (const row of answer as readonly unknown[]) {
    const [from, to, first] = Array.isArray(row) ? (row as readonly unknown[]) : [];
    const [host, port] = Array.isArray(first) ? (first as readonly unknown[]) : [];
    if (!isSlot(from) || !isSlot(to) || typeof port !== 'number' || port < 1 || port > 65_535) {
      return undefined;
    }
    ranges.push({ from, to, host: typeof host === 'string' && /^[\w.:-]+$/u.test(host) ? host : asked.host, port });
  }
  return ranges;
}

function isSlot(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < slotCount;
}
