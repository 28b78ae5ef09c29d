import assert from 'node:assert/strict';
import { OperationLog } from '../../../../server/src/engine/operations/operationLog.ts';

describe('the log of operations', () => {
  const restored = (text: string, since = 500): OperationLog => {
    const log = new OperationLog(since);
    log.restore(text);
    return log;
  };

  it('counts each operation, of all and of each project', () => {
    const log = new OperationLog(100);
    log.record('scan', { durationMs: 30, at: 1000 }, ['file:///a', 'file:///b']);
    log.record('scan', { durationMs: 10, at: 2000 }, ['file:///a']);
    log.record('hover', { durationMs: 1, at: 2500 });
    assert.deepEqual(log.all.get('scan'), {
      count: 2,
      totalMs: 40,
      minMs: 10,
      maxMs: 30,
      lastMs: 10,
      lastAt: 2000,
      recentMs: [30, 10],
    });
    assert.deepEqual(
      [...log.projects].map(([project, own]) => [project, own.get('scan')?.count, own.has('hover')]),
      [
        ['file:///a', 2, false],
        ['file:///b', 1, false],
      ],
    );
  });

  it('goes on where the session before ended', () => {
    const first = new OperationLog(100);
    first.record('scan', { durationMs: 30, at: 1000 }, ['file:///a']);
    const second = restored(first.encode());
    second.record('scan', { durationMs: 50, at: 3000 }, ['file:///a']);
    assert.deepEqual([second.since, second.all.get('scan')?.totalMs, second.all.get('scan')?.count], [100, 80, 2]);
    assert.equal(second.projects.get('file:///a')?.get('scan')?.count, 2);
    assert.equal(restored(second.encode()).encode(), second.encode());
  });

  for (const text of [
    '',
    'null',
    '[]',
    '{"version":2,"since":1,"operations":{"scan":{}}}',
    '{"version":1,"since":1,"operations":{"scan":{"count":-1}},"projects":[1]}',
    '{"version":1,"since":1,"operations":{"scan":null},"projects":{"a":null}}',
    '{"version":1,"since":1,"operations":{"scan":{"count":1,"totalMs":1,"minMs":1,"maxMs":1,"lastMs":1,"lastAt":1,"recentMs":["1"]}}}',
  ]) {
    it(`takes nothing from ${text || 'an empty text'}`, () => assert.equal(restored(text).all.size, 0));
  }

  it('stays small', () => {
    const log = new OperationLog(0);
    for (let index = 0; index < 1000; index++) {
      log.record(`operation ${index}`, { durationMs: index, at: index }, [`file:///${index}`]);
      log.record('one', { durationMs: index, at: index });
    }
    assert.deepEqual([log.all.size, log.projects.size, log.all.get('one')?.recentMs.length], [100, 100, 100]);
  });
});
