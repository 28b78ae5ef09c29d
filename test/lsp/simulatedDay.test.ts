import assert from 'node:assert/strict';
import { defaultSettings, type Settings } from '../../protocol/settings.ts';
import type { Scanner } from '../../server/src/engine/lookup/scanner.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import type { ClientAccess, Environment } from '../../server/src/lsp/environment.ts';
import { noon } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { FakeSource } from '../support/fakeSource.ts';
import { FakeTimers } from '../support/fakeTimers.ts';
import { TestClient } from '../support/lspHarness.ts';
import { scannerOver } from '../support/scannerOver.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const folder = 'file:///project';
const fileCount = 6;
const uriOf = (at: number): string => `${folder}/${at}/requirements.txt`;
const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** The service names an advisory of 1.0 from now on. */
function publish(source: FakeSource, name: string, id: string): void {
  const affected = [{ package: { ecosystem: 'PyPI', name }, versions: ['1.0'] }];
  source.add(`${name}==1.0`, id, { affected });
}

/** What all of a day's timers and answers go by. */
class DayTimers extends FakeTimers {
  nowMs = noon;
  readonly #due = new Set<{ readonly atMs: number; readonly call: () => void }>();

  override after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.nowMs + delayMs, call };
    this.#due.add(timer);
    return () => this.#due.delete(timer);
  }

  override get delaysMs(): readonly number[] {
    return [...this.#due].map(({ atMs }) => atMs - this.nowMs).sort((a, b) => a - b);
  }

  /** Fires one after the other what is due by then, each at its time; others have a turn after each. */
  async advance(byMs: number): Promise<number> {
    const endMs = this.nowMs + byMs;
    let fired = 0;
    for (;;) {
      const [next] = [...this.#due].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#due.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.call();
      fired++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = endMs;
    return fired;
  }
}

/** The world with the real engine in it, whose clock is the day's. */
class DayEnvironment extends FakeEnvironment {
  override readonly timers: DayTimers;
  readonly #source: FakeSource;
  scanners: Scanner[] = [];

  constructor(source: FakeSource, timers: DayTimers) {
    super();
    this.#source = source;
    this.timers = timers;
    this.clock = { now: () => timers.nowMs };
  }

  override createEngine(
    settings: Settings,
    log: Parameters<Environment['createEngine']>[1],
    network: ClientAccess,
  ): ReturnType<Environment['createEngine']> {
    const scanner = scannerOver({
      source: this.#source,
      sourceId: 'day',
      tiers: [],
      clock: this.clock,
      log: silent,
      limits: { maxEntries: 500, answerTtlMs: hourMs, cleanTtlMs: hourMs / 2, detailsMaxAgeMs: 24 * hourMs },
    });
    this.scanners.push(scanner);
    return { ...super.createEngine(settings, log, network), scanner };
  }
}

// Eight hours of work and sixteen of rest; an edit of each file every quarter of an hour.
describe('a day of work, by a clock of its own', () => {
  let source: FakeSource;
  let timers: DayTimers;
  let environment: DayEnvironment;
  let client: TestClient;
  const texts = new Map<string, string>();
  const versions = new Map<string, number>();

  beforeEach(async () => {
    source = new FakeSource();
    for (let at = 0; at < 40; at += 4) publish(source, `package-${at}`, `PYSEC-${at}`);
    timers = new DayTimers();
    environment = new DayEnvironment(source, timers);
    texts.clear();
    versions.clear();
    client = await TestClient.start(environment, { folders: [folder], settings: defaultSettings });
  });
  afterEach(() => client.stop());

  const open = async (to: TestClient, uri: string): Promise<void> =>
    to.open(uri, texts.get(uri) ?? '', versions.get(uri) ?? 1);

  async function begin(uri: string, at: number): Promise<void> {
    const pins = Array.from({ length: 8 }, (_, line) => `package-${(at * 7 + line * 3) % 40}==1.0`);
    texts.set(uri, `# a file\n${pins.join('\n')}\n`);
    versions.set(uri, 1);
    await open(client, uri);
  }

  /** Replaces one line by another, as an editor does. */
  async function setLine(uri: string, line: number, text: string): Promise<void> {
    const lines = (texts.get(uri) ?? '').split('\n');
    const version = (versions.get(uri) ?? 1) + 1;
    await client.edit(uri, version, line, 0, lines[line]?.length ?? 0, text);
    lines[line] = text;
    texts.set(uri, lines.join('\n'));
    versions.set(uri, version);
  }

  /** Lets time go by, and then what was begun come to its end. */
  async function pass(byMs: number): Promise<void> {
    await client.settle(uriOf(0));
    await timers.advance(byMs);
    await comeToTheEnd(client, environment);
  }

  const said = (of: TestClient, uri: string): readonly string[] =>
    (of.diagnostics(uri) ?? []).map(
      ({ range, message }) =>
        `${range.start.line}:${range.start.character} ${typeof message === 'string' ? message : message.value}`,
    );

  /** What is shown of every open file is what a server shows that has just started. */
  async function compareWithNewServer(): Promise<void> {
    const itsTimers = new DayTimers();
    itsTimers.nowMs = timers.nowMs;
    const itsEnvironment = new DayEnvironment(source, itsTimers);
    const other = await TestClient.start(itsEnvironment, { settings: defaultSettings });
    for (const uri of texts.keys()) await open(other, uri);
    await other.settle(uriOf(0));
    await itsTimers.advance(minuteMs);
    await comeToTheEnd(other, itsEnvironment);
    for (const uri of texts.keys()) assert.deepEqual(said(client, uri), said(other, uri), uri);
    assert.ok([...texts.keys()].some((uri) => said(other, uri).length > 0));
    await other.stop();
  }

  async function comeToTheEnd(of: TestClient, { scanners, timers }: DayEnvironment): Promise<void> {
    await of.settle(uriOf(0));
    while (scanners.some(({ figures }) => figures.running > 0)) await new Promise((resolve) => setImmediate(resolve));
    await of.settle(uriOf(0));
    await timers.advance(1_000);
    await of.settle(uriOf(0));
    await of.waitForStatus('the end of the scans', ({ state, checking }) => state === 'idle' && checking === 0);
  }

  const requests = (): number => source.queried.length + source.packages.length;

  it('shows what a new server shows, and has no more to do than in the morning', async () => {
    for (let at = 0; at < fileCount; at++) await begin(uriOf(at), at);
    await pass(10_000);
    const timersInTheMorning = timers.delaysMs.length;
    for (let quarter = 0; quarter < 32; quarter++) {
      if (quarter === 9) source.queryError = new LookupError('offline', 'down for a quarter of an hour');
      if (quarter === 10) source.queryError = undefined;
      if (quarter === 16) publish(source, 'package-3', 'PYSEC-NEW');
      const before = requests();
      for (let at = 0; at < fileCount; at++) {
        await setLine(uriOf(at), 1, `package-${(quarter + at) % 40}==1.0`);
        await setLine(uriOf(at), 0, `# at ${quarter}`);
      }
      await pass(15 * minuteMs);
      const asked = requests() - before;
      // A file asks once, and a package with advisories is asked for once in its hour.
      assert.ok(asked <= 20, `${asked} requests in quarter ${quarter}`);
      assert.ok(timers.delaysMs.length <= timersInTheMorning + 3, `quarter ${quarter}: ${timers.delaysMs.join(' ')}`);
      if (quarter % 4 === 3) await compareWithNewServer();
    }
    assert.equal(environment.scanners.length, 1);

    const before = { requests: requests(), published: client.published.length };
    const night = 16;
    const fired = await timers.advance(night * hourMs);
    await comeToTheEnd(client, environment);
    // Nobody is there: each open file is asked about once in an hour, when its answers are too old to be relied on.
    assert.ok(requests() - before.requests <= (night + 1) * fileCount, `${requests() - before.requests} requests`);
    assert.ok(client.published.length - before.published <= (night + 1) * fileCount);
    assert.ok(fired <= (night + 1) * (fileCount + 1), `${fired} timers fired in the night`);
    await compareWithNewServer();

    for (let at = 0; at < fileCount; at++) await setLine(uriOf(at), 8, 'package-3==1.0');
    await pass(minuteMs);
    await compareWithNewServer();
    assert.ok(said(client, uriOf(0)).some((one) => one.includes('PYSEC-NEW')));
    for (const uri of texts.keys()) await client.close(uri);
    await pass(minuteMs);
    assert.ok(timers.delaysMs.length <= timersInTheMorning, timers.delaysMs.join(' '));
    assert.ok([...texts.keys()].every((uri) => said(client, uri).length === 0));
  });
});
