import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../server/src/cli/run.ts';
import { embeddedRecords, type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { DiskIo } from '../support/diskIo.ts';
import { writeTree } from '../support/trees.ts';

interface Report {
  readonly files: readonly {
    readonly requirements: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly reason: string | null;
      readonly verdict: string | null;
      readonly findings: readonly { readonly records: readonly string[] }[];
    }[];
  }[];
  readonly complete: boolean;
}

type Judged = Report['files'][number]['requirements'][number];

/** A finding may lack its details, never its record. */
function judged(one: Judged | undefined): unknown {
  return one && { ...one, findings: one.findings.flatMap(({ records }) => records).sort() };
}

/** Passes requests on, but for those that `fails` names by their number. */
async function startRelay(target: string, fails: (at: number) => boolean): Promise<Server> {
  let count = 0;
  const relay = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (fails(count++)) {
        response.writeHead(503).end();
        return;
      }
      const { method = 'GET', url = '/' } = request;
      const body = method === 'GET' ? {} : { body: Buffer.concat(chunks) };
      void fetch(`${target}${url}`, { method, headers: { 'content-type': 'application/json' }, ...body }).then(
        async (answer) => {
          response.writeHead(answer.status, { 'content-type': 'application/json' });
          response.end(Buffer.from(await answer.arrayBuffer()));
        },
      );
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return relay;
}

describe('a service of which half of the requests fail', function () {
  this.timeout(60_000);
  let root: string;
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [embeddedRecords, demoRecords] });
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'pinwatch-half-')));
    writeTree(root, {
      'requirements.txt': 'django==3.2.0\nrequests==2.19.1\nsix==1.16.0\njinja2>=2\nurllib3==1.25.8\nflask==0.12\n',
    });
  });
  after(async () => {
    await service.close();
    rmSync(root, { recursive: true });
  });

  async function scan(fails: (at: number) => boolean): Promise<readonly [code: number, report: Report]> {
    const relay = await startRelay(service.url, fails);
    const io = new DiskIo();
    try {
      const { port } = relay.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}`;
      const file = path.join(root, 'requirements.txt');
      const code = await run(['scan', file, '--osv-url', url, '--index-url', 'none', '--format', 'json'], io);
      return [code, JSON.parse(io.out) as Report];
    } finally {
      relay.closeAllConnections();
      await new Promise((resolve) => relay.close(resolve));
    }
  }

  it('costs time, and no verdict: each is that of a service in health, or failed with its reason', async () => {
    const [code, whole] = await scan(() => false);
    assert.equal(code, 1);
    for (const rest of [0, 1]) {
      const [again, half] = await scan((at) => at % 2 === rest);
      const told = whole.files.flatMap(({ requirements }) => requirements);
      const found = half.files.flatMap(({ requirements }) => requirements);
      assert.equal(found.length, told.length);
      for (const [at, one] of found.entries()) {
        if (one.outcome === 'failed') {
          assert.match(one.reason ?? '', /\S/u);
          assert.deepEqual([one.verdict, half.complete], [null, false]);
        } else {
          assert.deepEqual(judged(one), judged(told[at]));
        }
      }
      assert.equal(again, 1);
      assert.ok(found.some(({ verdict }) => verdict === 'vulnerable'));
    }
  });

  it('never ends like a clean one where nothing comes through', async () => {
    const [code, { files, complete }] = await scan(() => true);
    assert.equal(code, 3);
    assert.equal(complete, false);
    assert.ok(files[0]?.requirements.every(({ outcome, reason }) => outcome === 'failed' && (reason ?? '') !== ''));
  });
});
