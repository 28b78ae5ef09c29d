import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { errorAnswer, type JsonAnswer } from './answers.ts';
import { faultyText, faultyValue } from './bodyFaults.ts';
import type { Fault } from './fault.ts';

/** What is sent: a status, headers, and a body that is made as it is taken. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** `undefined` where the length is not told beforehand. */
  readonly length: number | undefined;
  /** All of the body, where it is at hand and nothing is to happen in the middle of it. */
  readonly whole?: Uint8Array;
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

type FaultOf<K extends Fault['kind']> = Extract<Fault, { readonly kind: K }>;

/** The body faults applied, and packed where that is wanted. */
export function jsonReply(answer: JsonAnswer, faults: readonly Fault[], isGzip: boolean): Reply {
  const value = faults.reduce(faultyValue, answer.value);
  const text = faults.reduce(faultyText, JSON.stringify(value));
  return bodyReply(answer.status, 'application/json', text, { faults, isGzip });
}

/** The answer of a fault that stands in for the right one; `undefined` for a fault that does not. */
export function replacement(fault: Fault, faults: readonly Fault[]): Reply | undefined {
  switch (fault.kind) {
    case 'status':
      return statusReply(fault, faults);
    case 'html': {
      const page = `<!DOCTYPE html><html><head><title>${fault.status}</title></head><body><h1>Something went wrong</h1></body></html>\n`;
      return bodyReply(fault.status, 'text/html; charset=UTF-8', page, { faults });
    }
    case 'hugeBody':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        length: fault.hasContentLength ? fault.bytes : undefined,
        chunks: () => spaces(fault.bytes),
      };
    case 'gzipBomb':
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
        length: undefined,
        chunks: (signal) => packed(spaces(fault.bytes), signal),
      };
    default:
      return undefined;
  }
}

function statusReply({ status, retryAfter, location, body }: FaultOf<'status'>, faults: readonly Fault[]): Reply {
  const text = body ?? JSON.stringify(errorAnswer({ status, code: status, message: `Fault: status ${status}` }).value);
  const reply = bodyReply(status, body === undefined ? 'application/json' : 'text/plain; charset=UTF-8', text, {
    faults,
  });
  const headers = {
    ...reply.headers,
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(location !== undefined && { location }),
  };
  return { ...reply, headers };
}

function bodyReply(
  status: number,
  contentType: string,
  text: string,
  { faults, isGzip = false }: { readonly faults: readonly Fault[]; readonly isGzip?: boolean },
): Reply {
  const isCut = faults.some((fault) => fault.kind === 'truncatedGzip');
  const plain = Buffer.from(text);
  const whole = isGzip || isCut ? gzipSync(plain) : plain;
  const body = isCut ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
  const slow = faults.find((fault) => fault.kind === 'slowBody');
  return {
    status,
    headers: { 'content-type': contentType, ...(whole !== plain && { 'content-encoding': 'gzip' }) },
    length: body.length,
    ...(slow === undefined && { whole: body }),
    chunks: (signal) => (slow ? slowly(body, slow, signal) : halves(body)),
  };
}

/** In two, so that something can happen in the middle. */
async function* halves(body: Buffer): AsyncGenerator<Buffer> {
  const middle = Math.ceil(body.length / 2);
  yield body.subarray(0, middle);
  if (middle < body.length) yield await Promise.resolve(body.subarray(middle));
}

async function* slowly(body: Buffer, fault: FaultOf<'slowBody'>, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let begin = 0; begin < body.length; begin += fault.chunkBytes) {
    if (begin > 0) await sleep(fault.intervalMs, undefined, { signal });
    yield body.subarray(begin, begin + fault.chunkBytes);
  }
}

const spaceChunkBytes = 65_536;

/** A JSON object that is nearly all white space. */
async function* spaces(bytes: number): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(spaceChunkBytes, ' ');
  yield Buffer.from('{');
  for (let left = bytes - 2; left > 0; left -= spaceChunkBytes) yield await Promise.resolve(chunk.subarray(0, left));
  yield Buffer.from('}');
}

async function* packed(chunks: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 1 });
  const feed = async (): Promise<void> => {
    for await (const chunk of chunks) if (!gzip.write(chunk)) await once(gzip, 'drain', { signal });
    gzip.end();
  };
  const fed = feed().catch((error: unknown) => {
    gzip.destroy();
    // The client left; there is nobody to tell.
    if (!signal.aborted) throw error;
  });
  for await (const chunk of gzip) if (chunk instanceof Uint8Array) yield chunk;
  await fed;
}
