import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { eventOf, record } from './client.ts';

const script = fileURLToPath(new URL('../../osv-service/main.ts', import.meta.url));

describe('the OSV service from the command line', () => {
  const started: ChildProcess[] = [];

  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  function start(...args: readonly string[]) {
    const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    return child;
  }

  /** The first line it prints, which must be the one that says where it is. */
  async function announced(child: ReturnType<typeof start>): Promise<{ url: string; records: number }> {
    let line = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      line += String(chunk);
      if (line.includes('\n')) break;
    }
    const [, url = '', records = ''] =
      /^OSV service on (https?:\/\/127\.0\.0\.1:\d+) \((\d+) records\)\n$/.exec(line) ?? [];
    assert.notEqual(url, '', `printed ${JSON.stringify(line)}`);
    return { url, records: Number(records) };
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`says where it is, answers, and ends cleanly on ${signal}`, async () => {
      const child = start();
      const { url, records } = await announced(child);
      assert.ok(records >= 40);
      const response = await fetch(`${url}/v1/vulns/PYSEC-2018-28`);
      assert.equal(response.status, 200);
      await response.text();
      child.kill(signal);
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    });
  }

  it('serves the records it is given, from several places', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'osv-main-'));
    try {
      const files = ['T-1', 'T-2'].map((id) => path.join(folder, `${id}.jsonl`));
      for (const [index, file] of files.entries())
        await writeFile(file, JSON.stringify(record(`T-${index + 1}`, 'a', [])));
      const child = start(...files.flatMap((file) => ['--records', file]));
      assert.equal((await announced(child)).records, 2);
      child.kill('SIGTERM');
      await once(child, 'exit');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('serves TLS on the port, and hands out the authority', async () => {
    const child = start('--tls');
    const { url } = await announced(child);
    assert.match(url, /^https:/);
    const errors = text(child.stderr);
    child.kill('SIGTERM');
    assert.match(await errors, /^-----BEGIN CERTIFICATE-----/);
  });

  for (const [what, args, message] of [
    ['an option it does not know', ['--verbose'], /Unknown option '--verbose'/],
    ['a port that is none', ['--port', '70000'], /--port: not a port: 70000/],
    ['records that are not there', ['--records', '/nowhere.jsonl'], /\/nowhere\.jsonl/],
  ] as const) {
    it(`ends with 2 and its usage for ${what}`, async () => {
      const child = start(...args);
      const [errors, code] = await Promise.all([text(child.stderr), eventOf(child, 'exit')]);
      assert.equal(code, 2);
      assert.match(errors, message);
      assert.match(errors, /^Usage: node test\/osv-service\/main\.ts/m);
    });
  }

  it('explains itself', async () => {
    const child = start('--help');
    assert.match(await text(child.stdout), /^Usage: /);
  });
});
