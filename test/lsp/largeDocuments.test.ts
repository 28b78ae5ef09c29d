import assert from 'node:assert/strict';
import type { DocumentSymbol } from 'vscode-languageserver-types';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';
const text = Array.from({ length: 2_000 }, (_, line) => `package-${line}==1.0\n`).join('');

describe('a large document', () => {
  let environment: FakeEnvironment;
  let client: TestClient;
  let turns: (() => void)[];

  beforeEach(async () => {
    environment = new FakeEnvironment();
    client = await TestClient.start(environment, {});
    turns = [];
    environment.timers.nextTurn = (call) => void turns.push(call);
    let now = 0;
    environment.clock = Object.assign(environment.clock, { elapsedMs: () => (now += 100) });
  });
  afterEach(async () => {
    takeTurns(Infinity);
    await client.stop();
  });

  const takeTurns = (most: number): number => {
    let taken = 0;
    for (; taken < most && turns.length > 0; taken++) {
      turns.splice(0).forEach((call) => call());
    }
    return taken;
  };
  const received = async (): Promise<void> => {
    while (turns.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const published = (): number => client.published.filter((one) => one.uri === uri).length;
  const symbols = (): Promise<readonly DocumentSymbol[] | null> =>
    client.request('textDocument/documentSymbol', { textDocument: { uri } });

  it('is read in many turns, shown only when it is whole, and then as a whole', async () => {
    await client.open(uri, text);
    await received();
    assert.equal(takeTurns(5), 5);
    assert.equal(published(), 0, 'nothing says that a part of it is all');
    assert.equal(environment.scanner.questions.length, 0);
    takeTurns(Infinity);
    await client.waitForDiagnostics(uri, 'those of the whole', () => true);
    assert.equal(environment.scanner.questions.flatMap(({ pins }) => pins).length, 2_000);
  });

  it('has what is asked about it wait until it is whole', async () => {
    await client.open(uri, text);
    await received();
    takeTurns(2);
    const answer = symbols();
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(isAnswered, false);
    takeTurns(Infinity);
    assert.equal((await answer)?.length, 2_000);
  });

  it('is finished at once when it is edited, and the edit is of the whole text', async () => {
    await client.open(uri, text);
    await received();
    takeTurns(1);
    await client.edit(uri, 2, 1_999, 0, 18, 'other==2.0');
    const all = await symbols();
    assert.deepEqual([all?.length, all?.at(-1)?.name.split(' ')[0]], [2_000, 'other']);
  });

  it('leaves nothing behind when it is closed meanwhile', async () => {
    await client.open(uri, text);
    await received();
    takeTurns(1);
    await client.close(uri);
    await client.open('file:///project/other/requirements.txt', 'six==1.0\n');
    await client.waitForDiagnostics('file:///project/other/requirements.txt', 'the other file', () => true);
    takeTurns(Infinity);
    assert.deepEqual(client.diagnostics(uri) ?? [], []);
    assert.equal(environment.scanner.questions.flatMap(({ pins }) => pins).length, 1);
  });

  it('is the one that was opened last where it is opened twice', async () => {
    await client.open(uri, text);
    await received();
    takeTurns(1);
    await client.open(uri, text.replaceAll('package', 'thing'), 2);
    const answer = symbols();
    let isAnswered = false;
    void answer.then(() => (isAnswered = true));
    while (!isAnswered) {
      takeTurns(Infinity);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal((await answer)?.[0]?.name.split(' ')[0], 'thing-0');
  });
});
