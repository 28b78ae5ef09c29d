import assert from 'node:assert/strict';
import { runToEnd } from '../../server/src/cli/runToEnd.ts';

describe('the end of the command line', () => {
  const end = async (
    work: () => Promise<number>,
    fault?: string,
    argv: readonly string[] = [],
  ): Promise<readonly [code: number, said: string]> => {
    let said = '';
    const io = { stderr: (text: string) => void (said += text), now: () => 0 };
    const code = await runToEnd(argv, io, work, () => Promise.resolve(fault));
    return [code, said];
  };

  it('keeps the exit code of what was delivered', async () => {
    for (const code of [0, 1, 2, 3, 4]) {
      assert.deepEqual(await end(() => Promise.resolve(code)), [code, '']);
    }
  });

  it('exits with 2 where the output could not be written, whatever was found', async () => {
    for (const code of [0, 1, 3, 4]) {
      const [ended, said] = await end(() => Promise.resolve(code), 'ENOSPC');
      assert.equal(ended, 2);
      assert.equal(said, 'pinwatch: standard output could not be written: ENOSPC\n');
    }
  });

  it('exits with 3 and one line for an error of its own', async () => {
    const [code, said] = await end(() => Promise.reject(new Error('two\nlines')));
    assert.equal(code, 3);
    assert.match(said, /^pinwatch: an error of pinwatch itself: Error: two lines [^\n]*\n$/u);
    const [, asJson] = await end(() => Promise.reject(new Error('x')), undefined, ['scan', '--log=json']);
    assert.equal((JSON.parse(asJson) as { level: string }).level, 'error');
  });
});
