import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { normalizeName } from '../../../../../server/src/core/packages/packageName.ts';
import { createPackageIndex } from '../../../../../server/src/hosts/node/index/packageIndex.ts';
import type { EditorFetch } from '../../../../../server/src/hosts/node/http/editorClient.ts';
import type { PackageIndex } from '../../../../../server/src/engine/index/packageIndex.ts';
import { LookupError, type LookupFailure } from '../../../../../server/src/engine/ports.ts';
import { noon } from '../../../../support/builders.ts';
import { FakeTiming } from '../../../../support/fakeTiming.ts';
import { startConnectProxy } from '../../../../support/connectProxy.ts';
import { lookupFailure } from '../../../../support/lookupFailure.ts';
import {
  type IndexFault,
  type PackageIndexService,
  projectPage,
  startPackageIndex,
} from '../../../../support/packageIndexService.ts';

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];

const projects = {
  demo: [
    { filename: 'demo-2.0-py3-none-any.whl', sha256: b, requiresPython: '>=3.9' },
    { filename: 'demo-1.10.tar.gz', sha256: a, yanked: 'broken' },
    { filename: 'demo-1.9.tar.gz', sha256: a },
  ],
  empty: [],
  ...Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`p${at}`, [{ filename: `p${at}-1.0.zip` }]])),
};

describe('package index', () => {
  let service: PackageIndexService;
  let nowMs = noon;
  const indexes: PackageIndex[] = [];

  before(async () => {
    service = await startPackageIndex(projects);
  });
  after(() => service.close());
  afterEach(async () => {
    await Promise.all(indexes.splice(0).map((index) => index.close()));
    service.reset();
    nowMs = noon;
  });

  function connect({ url = service.url, timeoutMs = 5000 } = {}): PackageIndex {
    const timing = new FakeTiming();
    const index = createPackageIndex({ url, timeoutMs, version: '1.2.3', clock: { now: () => nowMs }, timing });
    assert.ok(index);
    indexes.push(index);
    return index;
  }

  const ask = async (index: PackageIndex, name: string, signal = new AbortController().signal) =>
    (await index.releases(normalizeName(name), signal))?.map(
      ({ version, yanked }) => version.normal + (yanked ? ' yanked' : ''),
    );

  /** The failure of the next look-up. */
  const failure = (index: PackageIndex, name = 'demo'): Promise<LookupError> => lookupFailure(ask(index, name));

  it('knows the releases of a project, ascending, with digests and requires-python', async () => {
    const releases = await connect().releases(normalizeName('Demo'), new AbortController().signal);
    assert.deepEqual(
      releases?.map(({ version, ...rest }) => ({ version: version.normal, ...rest })),
      [
        { version: '1.9', yanked: false, files: [{ filename: 'demo-1.9.tar.gz', sha256: a, yanked: false }] },
        { version: '1.10', yanked: true, files: [{ filename: 'demo-1.10.tar.gz', sha256: a, yanked: true }] },
        {
          version: '2.0',
          yanked: false,
          requiresPython: '>=3.9',
          files: [{ filename: 'demo-2.0-py3-none-any.whl', sha256: b, yanked: false }],
        },
      ],
    );
  });

  it('asks for JSON at the normalised name and tells no more than who asks', async () => {
    await ask(connect({ url: `${service.url}/` }), 'Demo');
    const [request] = service.seen;
    assert.equal(request?.path, '/simple/demo/');
    assert.equal(request.headers.accept, 'application/vnd.pypi.simple.v1+json');
    assert.equal(request.headers['user-agent'], 'pinwatch/1.2.3');
    const told = ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'];
    assert.deepEqual(Object.keys(request.headers).sort(), told);
  });

  it('tells a project that is not there from one without releases', async () => {
    const index = connect();
    assert.equal(await ask(index, 'nobody-wrote-this'), undefined);
    assert.deepEqual(await ask(index, 'empty'), []);
  });

  it('is off for the address "none"', () => {
    assert.equal(createPackageIndex({ url: 'none', timeoutMs: 1, version: '1', clock: { now: () => 0 } }), undefined);
  });

  it('asks once for all who ask at the same time', async () => {
    const index = connect();
    const release = service.hold();
    const answers = [ask(index, 'demo'), ask(index, 'demo'), ask(index, 'Demo')];
    await service.requests(1);
    release();
    assert.deepEqual(new Set((await Promise.all(answers)).map((answer) => answer?.length)), new Set([3]));
    assert.equal(service.seen.length, 1);
  });

  it('keeps answers for ten minutes, that there is no such project among them', async () => {
    const index = connect();
    for (const name of ['demo', 'nobody-wrote-this']) {
      await ask(index, name);
      nowMs += 9 * 60_000;
      await ask(index, name);
      nowMs -= 9 * 60_000;
    }
    assert.equal(service.seen.length, 2);
    nowMs += 10 * 60_000;
    service.setProjects({ demo: [{ filename: 'demo-3.0.zip' }] });
    assert.deepEqual(await ask(index, 'demo'), ['3.0']);
    assert.equal(service.seen.length, 3);
  });

  it('keeps the answers for the last two hundred projects and no more', async () => {
    const index = connect();
    for (let at = 0; at <= 200; at++) await ask(index, `name-${at}`);
    await ask(index, 'name-200');
    await ask(index, 'name-1');
    assert.equal(service.seen.length, 201);
    await ask(index, 'name-0');
    assert.equal(service.seen.length, 202);
  });

  it('keeps no failure', async () => {
    const index = connect();
    service.fail({ kind: 'status', status: 403 });
    assert.equal((await failure(index)).reason, 'badResponse');
    assert.equal((await ask(index, 'demo'))?.length, 3);
  });

  it('asks for at most eight projects at once', async () => {
    const index = connect();
    const release = service.hold();
    const answers = Promise.all(Array.from({ length: 20 }, (_, at) => ask(index, `p${at}`)));
    await service.requests(8);
    release();
    assert.deepEqual(new Set((await answers).flat()), new Set(['1.0']));
    assert.equal(service.mostAtOnce, 8);
    assert.equal(service.seen.length, 20);
  });

  it('lets one who leaves go at once, and the others have their answer', async () => {
    const index = connect();
    const leaving = new AbortController();
    const release = service.hold();
    const left = ask(index, 'demo', leaving.signal);
    const stays = ask(index, 'demo');
    await service.requests(1);
    leaving.abort(new Error('no longer wanted'));
    await assert.rejects(left, /no longer wanted/);
    release();
    assert.equal((await stays)?.length, 3);
    assert.equal(service.seen.length, 1);
  });

  it('ends a request that nobody waits for, and asks anew for the next one', async () => {
    const index = connect();
    const leaving = new AbortController();
    const release = service.hold();
    const left = ask(index, 'demo', leaving.signal);
    await service.requests(1);
    leaving.abort(new Error('no longer wanted'));
    await assert.rejects(left, /no longer wanted/);
    const next = ask(index, 'demo');
    release();
    assert.equal((await next)?.length, 3);
    assert.equal(service.seen.length, 2);
  });

  it('does not begin for one who has left already', async () => {
    await assert.rejects(ask(connect(), 'demo', AbortSignal.abort(new Error('gone'))), /gone/);
    assert.equal(service.seen.length, 0);
  });

  it('follows a redirect', async () => {
    service.fail({ kind: 'status', status: 301, headers: { location: '?again' } });
    assert.equal((await ask(connect(), 'demo'))?.length, 3);
    assert.deepEqual(
      service.seen.map(({ path }) => path),
      ['/simple/demo/', '/simple/demo/?again'],
    );
  });

  it('sends name and password of the address, never to another origin and never in a message', async () => {
    const other = await startPackageIndex(projects);
    try {
      const url = service.url.replace('//', '//me:p%40ss@');
      service.fail({ kind: 'status', status: 302, headers: { location: `${other.url}/demo/` } });
      assert.equal((await ask(connect({ url }), 'demo'))?.length, 3);
      const basic = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
      assert.equal(service.seen[0]?.headers.authorization, basic);
      assert.equal(other.seen[0]?.headers.authorization, undefined);
      service.fail({ kind: 'status', status: 401 });
      assert.doesNotMatch((await failure(connect({ url }))).message, /me|p@ss/u);
    } finally {
      await other.close();
    }
  });

  it('does not send on to ever more places', async () => {
    const others = await Promise.all(Array.from({ length: 4 }, () => startPackageIndex(projects)));
    try {
      const all = [service, ...others];
      all.slice(0, -1).forEach((from, at) => {
        from.fail({ kind: 'status', status: 307, headers: { location: `${all[at + 1]?.url}/demo/` } });
      });
      assert.match((await failure(connect())).message, /sends to too many other places/u);
      assert.deepEqual(
        all.map(({ seen }) => seen.length),
        [1, 1, 1, 1, 0],
      );
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });

  it('goes by way of the editor where the settings say so', async () => {
    const urls: string[] = [];
    const editorFetch: EditorFetch = ({ url, headers }) => {
      urls.push(`${headers['accept']} ${url}`);
      const text = JSON.stringify(projectPage('demo', projects.demo));
      return Promise.resolve({ kind: 'answer', status: 200, text });
    };
    const clock = { now: () => nowMs };
    const url = 'https://index.example/simple';
    const index = createPackageIndex({ url, timeoutMs: 5000, version: '1', clock, transport: 'editor', editorFetch });
    assert.ok(index);
    indexes.push(index);
    assert.equal((await ask(index, 'demo'))?.length, 3);
    assert.deepEqual(urls, ['application/vnd.pypi.simple.v1+json https://index.example/simple/demo/']);
  });

  it('goes the way that the network is set to meanwhile, and keeps what it knows', async () => {
    const proxy = await startConnectProxy();
    const url = service.url.replace('127.0.0.1', 'index.test');
    const clock = { now: () => nowMs };
    const index = createPackageIndex({ url, timeoutMs: 5000, version: '1', clock, environment: {} });
    assert.ok(index);
    indexes.push(index);
    try {
      assert.equal((await failure(index)).reason, 'offline');
      index.useNetwork({ proxyUrl: proxy.url });
      assert.equal((await ask(index, 'demo'))?.length, 3);
      assert.equal(proxy.asked.length, 1);
      index.useNetwork({});
      assert.equal((await ask(index, 'demo'))?.length, 3);
    } finally {
      await proxy.close();
    }
  });

  it('has every answer where half of the requests fail', async () => {
    const names = ['demo', 'demo-2', 'demo-3', 'demo-4'];
    service.fail(
      ...Array.from({ length: 12 }, (_, index) =>
        index % 3 === 0 ? ({ kind: 'reset' } as const) : ({ kind: 'status', status: 503 } as const),
      ),
    );
    const index = connect();
    const answers = await Promise.all(names.map((name) => ask(index, name)));
    assert.deepEqual(
      answers.map((answer) => answer?.length),
      [3, undefined, undefined, undefined],
    );
  });

  it('tries once more after a reset connection or a 503', async () => {
    service.fail({ kind: 'reset' });
    assert.equal((await ask(connect(), 'demo'))?.length, 3);
    service.fail({ kind: 'status', status: 503 });
    assert.equal((await ask(connect(), 'demo'))?.length, 3);
    assert.equal(service.seen.length, 4);
  });

  const page = (files: object[] = []): string => JSON.stringify({ ...projectPage('demo', []), files });
  const failures: readonly (readonly [
    what: string,
    faults: readonly IndexFault[],
    reason: LookupFailure,
    message: RegExp,
  ])[] = [
    [
      'HTML',
      [{ kind: 'body', body: '<html>', contentType: 'text/html' }],
      'badResponse',
      /answered with text\/html\. .*PEP 691/u,
    ],
    [
      'other JSON',
      [{ kind: 'body', body: page(), contentType: 'application/json' }],
      'badResponse',
      /application\/json/u,
    ],
    [
      'a strange type',
      [{ kind: 'body', body: '', contentType: 'x'.repeat(500) }],
      'badResponse',
      /answered with another format/u,
    ],
    ['half a page', [{ kind: 'body', body: '{"meta":' }], 'badResponse', /not JSON/u],
    ['no object', [{ kind: 'body', body: '[]' }], 'badResponse', /unknown API version/u],
    ['a newer API', [{ kind: 'body', body: page().replace('"1.1"', '"2.0"') }], 'badResponse', /unknown API version/u],
    ['no files', [{ kind: 'body', body: '{"meta":{"api-version":"1.0"}}' }], 'badResponse', /without files/u],
    [
      'a body that is not gzip',
      [{ kind: 'body', body: page(), encoding: 'gzip' }],
      'badResponse',
      /cannot be unpacked/u,
    ],
    ['a refusal', [{ kind: 'status', status: 403 }], 'badResponse', /HTTP 403/u],
    [
      'a loop',
      Array.from({ length: 9 }, () => ({ kind: 'status', status: 302, headers: { location: '/' } }) as const),
      'badResponse',
      /from one address to the next/u,
    ],
    [
      'a redirect to a file',
      [{ kind: 'status', status: 302, headers: { location: 'file:///etc/passwd' } }],
      'badResponse',
      /not followed/u,
    ],
    [
      'trouble of its own',
      [...Array.from({ length: 5 }, () => ({ kind: 'status', status: 500 }) as const), { kind: 'status', status: 502 }],
      'serverError',
      /HTTP 502/u,
    ],
    [
      'a plea for patience',
      [{ kind: 'status', status: 429, headers: { 'retry-after': '600' } }],
      'rateLimited',
      /429/u,
    ],
    [
      'a cut connection',
      Array.from({ length: 6 }, () => ({ kind: 'reset' }) as const),
      'offline',
      /could not be reached/u,
    ],
  ];
  for (const [what, faults, reason, message] of failures) {
    it(`says so where the index answers with ${what}`, async () => {
      service.fail(...faults);
      const error = await failure(connect());
      assert.equal(error.reason, reason, error.message);
      assert.match(error.message, message);
      assert.match(error.message, /^127\.0\.0\.1:\d+ /u);
    });
  }

  for (const kind of ['silence', 'half'] as const) {
    it(`does not wait for ever (${kind})`, async () => {
      service.fail({ kind });
      const error = await failure(connect({ timeoutMs: 100 }));
      assert.equal(error.reason, 'timeout');
      assert.match(error.message, /did not answer within 0\.1 s/u);
    });
  }

  it('takes no more than 32 MB, packed or not', async () => {
    const large = Buffer.alloc(33 * 1024 * 1024, ' ');
    service.fail({ kind: 'body', body: gzipSync(large), encoding: 'gzip' }, { kind: 'body', body: large });
    for (let time = 0; time < 2; time++) {
      const error = await failure(connect());
      assert.equal(error.reason, 'badResponse');
      assert.match(error.message, /more than 32 MB/u);
    }
  });

  it('says so where nobody listens or the address is none', async () => {
    const gone = await startPackageIndex();
    await gone.close();
    assert.equal((await failure(connect({ url: gone.url }))).reason, 'offline');
    for (const url of ['', 'pypi', 'ftp://example.org/simple']) {
      assert.match((await failure(connect({ url }))).message, /must begin with https/u);
    }
  });

  describe('metadata', () => {
    const metadata = 'Metadata-Version: 2.4\nLicense-Expression: MIT\n\n# Gr\u00fc\u00dfe\n';
    const wheel = { filename: 'demo-2.0-py3-none-any.whl', metadata };
    const { signal } = new AbortController();
    const read = async (version: string, files: readonly object[] = [wheel]): Promise<string | undefined> => {
      service.setProjects({ demo: files as never });
      const index = createPackageIndex({
        url: service.url,
        timeoutMs: 5000,
        version: '1',
        clock: { now: () => nowMs },
      });
      assert.ok(index);
      indexes.push(index);
      return index.metadata(normalizeName('demo'), version, signal);
    };

    it('are those beside a file of the release', async () => {
      assert.equal(await read('2.0.0'), metadata);
      assert.deepEqual(
        service.seen.map(({ path }) => path),
        ['/simple/demo/', '/files/demo-2.0-py3-none-any.whl.metadata'],
      );
    });

    it('are not there where the index names none', async () => {
      assert.equal(await read('1.0'), undefined);
      assert.equal(await read('2.0', [{ filename: wheel.filename }]), undefined);
    });

    it('are not believed where they are others than the index names', async () => {
      await assert.rejects(read('2.0', [{ ...wheel, metadataSha256: a }]), (error) => {
        assert.ok(error instanceof LookupError && error.reason === 'badResponse');
        assert.match(error.message, /sent metadata that are not those it names/u);
        return true;
      });
    });

    it('are a failure where the index fails', async () => {
      service.fail({ kind: 'status', status: 403 });
      await assert.rejects(read('2.0'), LookupError);
    });

    it('and the releases of a project come from one page, in either order', async () => {
      service.setProjects({ demo: [wheel, { filename: 'demo-1.0.zip', sha256: a, requiresPython: '>=3.9' }] as never });
      const [demo, nobody] = [normalizeName('demo'), normalizeName('nobody-wrote-this')];
      const index = createPackageIndex({
        url: service.url,
        timeoutMs: 5000,
        version: '1',
        clock: { now: () => nowMs },
      });
      assert.ok(index);
      indexes.push(index);
      const [facts, releases] = await Promise.all([index.project(demo, signal), index.releases(demo, signal)]);
      assert.deepEqual(Object.keys(facts?.releases ?? {}).length, 2);
      const alone = await connect().releases(demo, signal);
      assert.deepEqual(releases, alone);
      assert.equal(service.seen.length, 2);
      assert.equal(await index.project(nobody, signal), undefined);
      assert.equal(await index.releases(nobody, signal), undefined);
      assert.equal(service.seen.length, 3);
      nowMs += 10 * 60_000;
      assert.deepEqual(await index.releases(demo, signal), alone);
      assert.equal(service.seen.length, 4);
    });

    it('and the releases fail alone where only these cannot be read', async () => {
      const page = projectPage('demo', [wheel], '2.0');
      const body = { kind: 'body', body: JSON.stringify(page) } as const;
      service.setProjects({ demo: [wheel] as never });
      service.fail(body, body);
      const index = createPackageIndex({
        url: service.url,
        timeoutMs: 5000,
        version: '1',
        clock: { now: () => nowMs },
      });
      assert.ok(index);
      indexes.push(index);
      assert.ok(await index.project(normalizeName('demo'), signal));
      const error = await lookupFailure(index.releases(normalizeName('demo'), signal));
      assert.match(error.message, /unknown API version/u);
    });
  });
});
