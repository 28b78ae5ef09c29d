import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { changeDatabase, type DatabaseJob } from '../../../../../server/src/hosts/node/database/databaseWorker.ts';
import {
  type DatabaseChange,
  DatabaseError,
  type ImportSummary,
} from '../../../../../server/src/engine/offline/advisoryDatabase.ts';
import type { EditorFetch } from '../../../../../server/src/hosts/node/http/editorClient.ts';
import { BucketService } from '../../../../support/bucketService.ts';
import { DatabaseFixture, jsonLines, osvRecord } from '../../../../support/databaseFixture.ts';

const script = path.resolve(import.meta.dirname, '../../../../../server/src/main/serverMain.ts');

/** On a thread of its own, as the language server runs it. */
describe('changing the database beside the editor', function () {
  this.timeout(20_000);
  let fixture: DatabaseFixture;
  const progress: string[] = [];

  beforeEach(() => (fixture = new DatabaseFixture()));
  afterEach(() => {
    progress.length = 0;
    fixture.dispose();
  });

  const change = (
    wish: DatabaseChange,
    signal = new AbortController().signal,
    { editorFetch, ...way }: Pick<DatabaseJob, 'transport'> & { readonly editorFetch?: EditorFetch } = {},
  ): Promise<ImportSummary> =>
    changeDatabase(
      script,
      { folder: fixture.folder, change: wish, version: '1.2.3', network: {}, ...way },
      { onProgress: (message) => progress.push(message), signal, editorFetch },
    );

  it('brings in a file', async () => {
    const file = fixture.write('records.jsonl', jsonLines([osvRecord('A-1'), osvRecord('A-2')]));
    const { written, status } = await change({ kind: 'import', file });
    assert.deepEqual([written, status.records], [2, 2]);
    assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2']);
  });

  it('fails with the reason and the words of the importer', async () => {
    const file = fixture.write('empty.jsonl', '');
    await assert.rejects(change({ kind: 'import', file }), (error) => {
      assert.ok(error instanceof DatabaseError && error.reason === 'badInput', String(error));
      assert.match(error.message, /it is empty/u);
      return true;
    });
  });

  describe('from the bucket', () => {
    let bucket: BucketService;
    beforeEach(async () => {
      bucket = new BucketService();
      await bucket.start();
      bucket.put(osvRecord('A-1'), osvRecord('A-2'));
    });
    afterEach(() => bucket.stop());

    it('updates, and tells how far it is', async () => {
      const { written } = await change({ kind: 'update', bucketUrl: bucket.url });
      assert.equal(written, 2);
      assert.deepEqual(progress, ['fetching the list of changes', 'fetching the archive of all records']);
    });

    it('updates through the editor where the settings say so', async () => {
      const urls: string[] = [];
      const editorFetch: EditorFetch = ({ url, bodyAs }) => {
        urls.push(`${bodyAs ?? 'text'} ${url}`);
        const content = bucket.contentOf(url.replace('https://bucket.example/osv/PyPI/', '')) ?? '';
        const text = bodyAs === 'base64' ? Buffer.from(content).toString('base64') : String(content);
        return Promise.resolve({ kind: 'answer', status: 200, text });
      };
      const wish = { kind: 'update', bucketUrl: 'https://bucket.example/osv' } as const;
      const { written } = await change(wish, undefined, { transport: 'editor', editorFetch });
      assert.equal(written, 2);
      assert.deepEqual(urls, [
        'text https://bucket.example/osv/PyPI/modified_id.csv',
        'base64 https://bucket.example/osv/PyPI/all.zip',
      ]);
      assert.deepEqual(bucket.asked, []);
      assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2']);
    });

    it('fails in words where the editor fails', async () => {
      const editorFetch: EditorFetch = () =>
        Promise.resolve({ kind: 'failed', reason: 'refused', message: 'not mine' });
      const wish = { kind: 'update', bucketUrl: 'https://bucket.example/osv' } as const;
      await assert.rejects(
        change(wish, undefined, { transport: 'editor', editorFetch }),
        /bucket\.example was not asked: the editor refused \(not mine\)/u,
      );
    });

    it('leaves the editor when it is asked to stop', async () => {
      const stopped = new AbortController();
      let left: Promise<unknown> | undefined;
      const editorFetch: EditorFetch = (_request, signal) => {
        left = once(signal, 'abort');
        stopped.abort(new Error('enough'));
        return new Promise(() => undefined);
      };
      const wish = { kind: 'update', bucketUrl: 'https://bucket.example/osv' } as const;
      await assert.rejects(change(wish, stopped.signal, { transport: 'editor', editorFetch }), /enough/u);
      assert.ok(left);
      await left;
    });

    it('stops when it is asked to, and leaves nothing half-done', async () => {
      await change({ kind: 'import', file: fixture.write('one.jsonl', jsonLines([osvRecord('A-0')])) });
      const stopped = new AbortController();
      bucket.faults.set('A-1.json', () => stopped.abort(new Error('enough'))); // and never answers
      await assert.rejects(change({ kind: 'update', bucketUrl: bucket.url }, stopped.signal), /enough/u);
      assert.deepEqual(fixture.ids('demo'), ['A-0']);
      await assert.rejects(change({ kind: 'update', bucketUrl: bucket.url }, stopped.signal), /enough/u);
    });
  });
});
