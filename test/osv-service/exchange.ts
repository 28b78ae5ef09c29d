import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from './answers.ts';
import { askedQueries } from './askedQueries.ts';
import type { AnswerPoint, Fault } from './fault.ts';
import type { FaultSwitches } from './faultSwitches.ts';
import type { RecordStore } from './recordStore.ts';
import { jsonReply, replacement, type Reply } from './reply.ts';
import type { ReceivedRequest, TrafficBook } from './traffic.ts';
import { aborted, flushed, goAway, isBroken, reset, writeAll, type Incoming, type Wire } from './wire.ts';

export interface ServiceState {
  readonly store: RecordStore;
  readonly switches: FaultSwitches;
  readonly traffic: TrafficBook;
  /** Whether answers are packed for clients that ask for gzip. */
  readonly hasGzip: boolean;
}

/** One request from its first byte to the end of its answer. Never rejects because a client left. */
export async function exchange(state: ServiceState, incoming: Incoming, wire: Wire): Promise<void> {
  const { traffic } = state;
  const route = routeOf(incoming.url ?? '');
  traffic.requestBegun(route);
  const progress: Progress = { status: undefined, isSent: false };
  let request: ReceivedRequest | undefined;
  wire.outgoing.once('finish', () => {
    progress.isSent = true;
  });
  wire.outgoing.once('close', () => {
    const end = isBroken(wire) ? 'broken' : progress.isSent ? 'sent' : 'abandoned';
    traffic.requestEnded(route, request && { request, status: progress.status, end });
  });
  try {
    request = traffic.requestReceived(await received(route, incoming, wire));
    await respond(state, request, wire, progress);
  } catch (error) {
    if (!wire.closed.aborted) throw error;
  }
}

interface Progress {
  status: number | undefined;
  isSent: boolean;
}

async function respond(state: ServiceState, request: ReceivedRequest, wire: Wire, progress: Progress): Promise<void> {
  const faults = state.switches.take(request);
  const latencyMs = delayMs(state.switches, faults, 'latency');
  // Nothing is awaited without need: whoever is told of the request finds it answered, but for the sending.
  if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: wire.closed });
  for (const fault of faults) if (fault.kind === 'goaway') goAway(wire, fault.inFlight);
  const reply = replyTo(state, request, faults);
  const thinkTimeMs = delayMs(state.switches, faults, 'thinkTime');
  if (thinkTimeMs > 0) await sleep(thinkTimeMs, undefined, { signal: wire.closed });
  const stop = faults.find((fault) => fault.kind === 'reset' || fault.kind === 'stall');
  const stopAt = stop && (stop.at ?? 'request');
  if (stopAt !== 'request') await send(reply, wire, progress, { stopAt, isClosing: isClosing(faults, wire) });
  if (stop === undefined || wire.closed.aborted) return;
  if (stop.kind === 'stall') return aborted(wire.closed);
  if (stopAt !== 'request') await flushed(wire);
  reset(wire, stop.scope ?? 'connection');
}

function replyTo(state: ServiceState, request: ReceivedRequest, faults: readonly Fault[]): Reply {
  for (const fault of faults) {
    const instead = replacement(fault, faults);
    if (instead !== undefined) return instead;
  }
  const isGzip = state.hasGzip && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  return jsonReply(answer(request, state.store, faults), faults, isGzip);
}

interface SendOptions {
  /** Go no further than this. */
  readonly stopAt: AnswerPoint | undefined;
  /** HTTP/1.1: tell the client that the connection ends with this answer. */
  readonly isClosing: boolean;
}

async function send(reply: Reply, wire: Wire, progress: Progress, { stopAt, isClosing }: SendOptions): Promise<void> {
  if (wire.closed.aborted) return;
  const { outgoing } = wire;
  progress.status = reply.status;
  outgoing.writeHead(reply.status, {
    ...reply.headers,
    ...(reply.length !== undefined && { 'content-length': reply.length }),
    ...(isClosing && { connection: 'close' }),
  });
  if (stopAt === undefined && reply.whole !== undefined) {
    // In one piece with its headers, as a server sends it that has its answer ready.
    outgoing.end(reply.whole);
    return;
  }
  outgoing.flushHeaders();
  if (stopAt === 'headers') return;
  const chunks = reply.chunks(wire.closed);
  await writeAll(wire, stopAt === 'body' ? firstOf(chunks) : chunks);
  if (stopAt === undefined) outgoing.end();
}

async function* firstOf<T>(chunks: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    yield chunk;
    return;
  }
}

function isClosing(faults: readonly Fault[], { stream }: Wire): boolean {
  return stream === undefined && faults.some((fault) => fault.kind === 'goaway');
}

/** All delays of one kind together. */
function delayMs(switches: FaultSwitches, faults: readonly Fault[], kind: 'latency' | 'thinkTime'): number {
  let ms = 0;
  for (const fault of faults) {
    if (fault.kind === kind) ms += fault.ms + switches.randomUpTo(fault.jitterMs ?? 0);
  }
  return ms;
}

async function received(
  route: ReceivedRequest['route'],
  incoming: Incoming,
  { connection, stream }: Wire,
): Promise<Omit<ReceivedRequest, 'number'>> {
  const path = incoming.url ?? '';
  const body = await bodyOf(incoming);
  return {
    route,
    method: incoming.method ?? '',
    path,
    headers: incoming.headers,
    body,
    httpVersion: stream ? '2' : '1.1',
    isSecure: connection.isSecure,
    connection: connection.number,
    queries: route === 'query' || route === 'querybatch' ? askedQueries(body) : [],
    id: route === 'vulns' ? idOf(path) : undefined,
  };
}

async function bodyOf(incoming: Incoming): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const vulnsPrefix = '/v1/vulns/';

function routeOf(path: string): ReceivedRequest['route'] {
  if (path.startsWith(vulnsPrefix)) return 'vulns';
  const [plain] = path.split('?');
  return plain === '/v1/query' ? 'query' : plain === '/v1/querybatch' ? 'querybatch' : 'unknown';
}

function idOf(path: string): string {
  const [id = ''] = path.slice(vulnsPrefix.length).split('?');
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
