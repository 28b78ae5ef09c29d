import { serverCommands } from '../../../protocol/ids.ts';
import type { LockedVersions } from '../../../server/src/core/assessment/decided/decidedVersions.ts';
import { fileId } from '../../../server/src/project/fileId.ts';
import { noon } from '../builders.ts';
import { FakeTimers } from '../fakeTimers.ts';
import { ModelClient, type ModelClientOptions, type Shown } from './modelClient.ts';
import { modelEnvironment, ModelPending, type SharedWorld } from './modelEnvironment.ts';
import { ModelScanner } from './modelScanner.ts';
import { ModelService } from './modelService.ts';
import { VirtualTimers } from './virtualTimers.ts';

export const folders = ['file:///a', 'file:///b'] as const;

export const files = [
  'file:///a/requirements.txt',
  'file:///a/constraints.txt',
  'file:///a/base.req',
  'file:///b/requirements.txt',
  'file:///out/requirements.txt',
] as const;

/** No text of the model has more. */
const mostLines = 5;

const timers = { debounceAndFeedsMs: 1_000, retriesMs: 1_300_000 };

/** One server that lives through everything, and the world around it, from which a fresh one can be started. */
export class ModelWorld {
  readonly service: ModelService;
  readonly pending = new ModelPending();
  readonly disk = new Map<string, string>();
  readonly locks = new Map<string, readonly LockedVersions[]>();
  readonly #timers: VirtualTimers;
  readonly #shared: SharedWorld;
  readonly #watches: boolean;
  readonly requests: Promise<unknown>[] = [];
  #nowMs = noon;
  #activity = 0;
  #scanner: ModelScanner;
  #client: ModelClient | undefined;
  #lockGate: Promise<void> = Promise.resolve();
  #areLocksHeld = false;
  #openLockGate: () => void = () => undefined;
  #settings: object = {};
  #folderSettings: Readonly<Record<string, object>> = {};
  folders: readonly string[] = [folders[0]];
  isTrusted = true;
  /** Every file of the workspace has been searched for. */
  isSearched = false;
  /** Some answer may have grown old; a server notices within the time for which answers are relied on. */
  hasAged = false;
  hasFailed = false;

  static async start(watches: boolean, searches = false): Promise<ModelWorld> {
    const world = new ModelWorld(watches);
    world.isSearched = searches;
    world.#client = await ModelClient.start(
      modelEnvironment(world.#shared, world.#timers, () => (world.#scanner = world.#newScanner()), world.pending),
      world.#options(),
    );
    await world.quiet();
    return world;
  }

  private constructor(watches: boolean) {
    const now = (): number => this.#nowMs;
    this.service = new ModelService(now);
    this.#timers = new VirtualTimers(now);
    this.#watches = watches;
    this.#scanner = this.#newScanner();
    this.#shared = {
      clock: { now },
      disk: this.disk,
      locks: this.locks,
      locksAreReadable: () => this.#lockGate,
      isServiceUp: () => this.service.state === 'up',
      active: () => this.#activity++,
    };
  }

  get client(): ModelClient {
    if (this.#client === undefined) {
      throw new Error('the model has not been started');
    }
    return this.#client;
  }

  get watches(): boolean {
    return this.#watches;
  }

  get areLocksHeld(): boolean {
    return this.#areLocksHeld;
  }

  holdLocks(): void {
    this.#openLockGate();
    this.#areLocksHeld = true;
    this.#lockGate = new Promise((resolve) => (this.#openLockGate = resolve));
  }

  letLocksThrough(): void {
    this.#openLockGate();
    this.#areLocksHeld = false;
    this.#lockGate = Promise.resolve();
  }

  /** A file on disk is another one, or gone; the server hears of it where it has files watched. */
  async write(uri: string, text: string | undefined): Promise<void> {
    if (text === undefined) {
      this.disk.delete(uri);
    } else {
      this.disk.set(uri, text);
    }
    await this.diskEvent(uri);
  }

  async diskEvent(uri: string): Promise<void> {
    if (this.#watches) {
      await this.client.test.changeOnDisk(uri);
    }
  }

  /** Nothing goes on any more until an answer comes or time passes. */
  quiet(): Promise<void> {
    return this.#quietOf(this.client);
  }

  async pass(ms: number): Promise<void> {
    this.hasAged ||= ms >= 1_000_000;
    const end = this.#nowMs + ms;
    await this.quiet();
    while (this.#timers.nextAt <= end) {
      this.#nowMs = Math.max(this.#nowMs, this.#timers.nextAt);
      this.#timers.fire();
      await this.quiet();
    }
    this.#nowMs = end;
  }

  /** What the client shows once nothing is about to happen, and what that of a fresh server shows in the same world. */
  async compared(): Promise<{
    readonly live: Shown;
    readonly lensesNow: ReadonlyMap<string, string>;
    readonly fresh: Shown;
  }> {
    await this.pass(timers.debounceAndFeedsMs);
    const live = await this.client.shown(files, mostLines);
    const lensesNow = new Map<string, string>();
    for (const uri of this.client.documents.keys()) {
      lensesNow.set(uri, await this.client.lensNow(uri));
    }
    return { live, lensesNow, fresh: await this.#fresh() };
  }

  /** Everything is as it should be again, and long enough ago that whatever is tried again has been. */
  async calm(): Promise<void> {
    this.letLocksThrough();
    this.service.state = 'up';
    await this.pass(timers.retriesMs);
    if (!this.#watches) {
      await this.client.test.notify('textDocument/didSave', { textDocument: { uri: files[0] } });
    }
    await this.pass(timers.debounceAndFeedsMs);
  }

  /** How many look-ups wait for a later session, once whatever has come about since has been asked. */
  async stillWaiting(): Promise<number> {
    this.run('rescan');
    await this.pass(timers.debounceAndFeedsMs);
    return this.pending.items.size;
  }

  async stop(): Promise<void> {
    this.letLocksThrough();
    this.service.state = 'up';
    await this.client.test.stop();
    await Promise.allSettled(this.requests);
  }

  #newScanner(): ModelScanner {
    return new ModelScanner(this.service, () => this.#nowMs);
  }

  #options(): ModelClientOptions {
    return {
      folders: this.folders,
      settings: this.#settings,
      folderSettings: this.#folderSettings,
      trusted: this.isTrusted,
      watches: this.#watches,
      searches: this.isSearched,
    };
  }

  async #fresh(): Promise<Shown> {
    const fake = new FakeTimers();
    const environment = modelEnvironment(this.#shared, fake, () => this.#scanner, undefined);
    const client = await ModelClient.start(environment, this.#options());
    try {
      for (const [uri, { text, isLost }] of this.client.documents) {
        await client.open(uri, text);
        await (isLost ? client.change(uri, '', 'unreadable') : undefined);
      }
      for (let round = 0; round < 4; round++) {
        await this.#quietOf(client);
        fake.elapse(timers.debounceAndFeedsMs);
      }
      await this.#quietOf(client);
      return await client.shown(files, mostLines);
    } finally {
      await client.test.stop();
    }
  }

  async #quietOf(client: ModelClient): Promise<void> {
    for (let still = 0, seen = -1; still < 3;) {
      await client.test.settle(files[0]);
      await new Promise((resolve) => setImmediate(resolve));
      await client.drawLenses();
      const now = client.activity + this.service.activity + this.#activity;
      still = now === seen ? still + 1 : 0;
      seen = now;
    }
  }

  /** Runs a command; its answer may have to wait. */
  run(command: keyof typeof serverCommands, argument?: object): void {
    const asked = this.client.test.execute(serverCommands[command], argument);
    asked.catch(() => undefined);
    this.requests.push(asked);
  }

  /** A client answers for a folder with what holds there, whoever said it. */
  async changeSettings(settings: object, ofFolder: boolean): Promise<void> {
    const [first] = folders;
    if (ofFolder) {
      this.#folderSettings = { [first]: { ...this.#settings, ...settings } };
    } else {
      this.#settings = settings;
      this.#folderSettings = {};
    }
    await this.client.test.changeSettings(this.#settings, this.#folderSettings);
  }

  async changeFolders(uri: string, isAdded: boolean): Promise<void> {
    const left = this.folders.filter((one) => fileId(one) !== fileId(uri));
    this.folders = isAdded ? [...left, uri] : left;
    this.isSearched &&= this.folders.length > 0;
    await (isAdded ? this.client.test.addFolder(uri) : this.client.test.removeFolder(uri));
    if (this.folders.length === 0) {
      await this.quiet(); // else the search of these folders may come to be one of the next
    }
  }
}
