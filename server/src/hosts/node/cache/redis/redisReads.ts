import type { NodeAnswer, RedisNode } from './redisNode.ts';
import type { RedisNodes } from './redisNodes.ts';
import { redisKey } from './redisValue.ts';

export interface RedisReads {
  readonly nodes: RedisNodes;
  /** Aborted: nobody waits any more. */
  readonly over: AbortSignal;
  /** What is kept under the key; not called for what is missing. */
  readonly take: (key: string, raw: string) => void;
  /** What is kept under it is no text. */
  readonly onForeign: () => void;
  readonly onAnswered: () => void;
  readonly onRefused: (why: string) => void;
}

const keysPerPipeline = 250;
// For each server. More would only fill memory: the answers of these are underway while others are read.
const pipelinesAtOnce = 4;

/** Reads from the servers that have these keys, all at once; `answered` if each of them has answered all. */
export async function readValues(keys: readonly string[], reads: RedisReads): Promise<'answered' | 'failed'> {
  const { nodes, over } = reads;
  let open = keys;
  let result: 'answered' | 'failed' = 'answered';
  for (let round = 0; round < 2 && open.length > 0 && !over.aborted; round++) {
    if (round > 0) {
      await nodes.moved();
    }
    const again: string[] = [];
    const note = (key: string, answer: NodeAnswer): void => {
      if (answer.kind === 'elsewhere') {
        again.push(key);
      } else if (!takeAnswer(key, answer, reads)) {
        result = 'failed';
      }
    };
    const owned = byOwner(nodes, open);
    await Promise.all([...owned].map(([node, own]) => readFrom(node, own, { over, note, reads })));
    open = again;
  }
  return open.length === 0 ? result : 'failed';
}

interface NodeReads {
  readonly over: AbortSignal;
  readonly note: (key: string, answer: NodeAnswer) => void;
  readonly reads: RedisReads;
}

async function readFrom(node: RedisNode, keys: readonly string[], { over, note, reads }: NodeReads): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < keys.length && !over.aborted) {
      const some = keys.slice(next, next + keysPerPipeline);
      next += some.length;
      const answers = await node.get(some.map(redisKey));
      if (!over.aborted) {
        some.forEach((key, index) => note(key, answers[index] ?? { kind: 'lost' }));
        reads.onAnswered();
      }
    }
  };
  await Promise.all(Array.from({ length: pipelinesAtOnce }, work));
}

/** Whether it is an answer. */
function takeAnswer(key: string, answer: NodeAnswer, { take, onForeign, onRefused }: RedisReads): boolean {
  switch (answer.kind) {
    case 'value':
      if (typeof answer.value === 'string') {
        take(key, answer.value);
      }
      return true;
    case 'refused':
      if (answer.why === 'WRONGTYPE') {
        onForeign();
        return true;
      }
      onRefused(answer.why);
      return false;
    case 'elsewhere':
    case 'lost':
      return false;
  }
}

export function byOwner(nodes: RedisNodes, keys: readonly string[]): ReadonlyMap<RedisNode, string[]> {
  const owned = new Map<RedisNode, string[]>();
  for (const key of keys) {
    const node = nodes.ownerOf(redisKey(key));
    if (node !== undefined) {
      const own = owned.get(node);
      if (own === undefined) {
        owned.set(node, [key]);
      } else {
        own.push(key);
      }
    }
  }
  return owned;
}
