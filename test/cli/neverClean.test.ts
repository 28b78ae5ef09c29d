import assert from 'node:assert/strict';
import { run } from '../../server/src/cli/run.ts';
import { reportFormat, reportFormatIds } from '../../server/src/core/report/formats.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { FakeIo } from '../support/fakeIo.ts';

interface Situation {
  readonly name: string;
  /** The requirements file. */
  readonly text: string;
  readonly args?: readonly string[];
  readonly prepare?: (io: FakeIo) => void;
  readonly code: number;
  /** In every format. */
  readonly says: RegExp;
}

const day = 86_400;
const skipped = 'a @ git+https://e.org/a.git\nb @ file:///somewhere/b\n';

const situations: readonly Situation[] = [
  {
    name: 'everything was skipped',
    text: skipped,
    code: 3,
    says: /incomplete, nothing was assessed \(2 of 2 requirements not assessed\)/u,
  },
  {
    name: 'some were skipped',
    text: `${skipped}six==1.16.0\n`,
    code: 0,
    says: /2 of 3 requirements not assessed/u,
  },
  {
    name: 'some were skipped, with --strict',
    text: `${skipped}six==1.16.0\n`,
    args: ['--strict'],
    code: 3,
    says: /incomplete \(2 of 3 requirements not assessed\)/u,
  },
  {
    name: 'a look-up failed',
    text: 'six==1.16.0\nattrs==20.1\n',
    prepare: (io) => io.source.failingPins.set('six==1.16.0', new LookupError('timeout', 'too slow')),
    code: 3,
    says: /incomplete \(1 of 2 requirements could not be checked\)/u,
  },
  {
    name: 'a line has a million words',
    text: `${'-r x.txt '.repeat(200_000)}\nsix==1.16.0\n`,
    code: 3,
    says: /incomplete \(1 line or file not read\)/u,
  },
  {
    name: 'a line has more version clauses than can be compared',
    text: `django${Array.from({ length: 50_000 }, (_, at) => `!=1.${at}`).join(',')}\nsix==1.16.0\n`,
    code: 3,
    says: /incomplete \(1 of 2 requirements could not be checked\)/u,
  },
  {
    name: 'an included file could not be read',
    text: '-r gone.txt\nsix==1.16.0\n',
    code: 3,
    says: /incomplete \(1 line or file not read\)/u,
  },
  {
    name: 'a line and an included file could not be read, each counted once',
    text: 'flask=1.0\n-r gone.txt\nsix==1.16.0\n',
    code: 3,
    says: /incomplete \(1 of 2 requirements could not be checked, 1 line or file not read\)/u,
  },
  {
    name: 'the data are old',
    text: 'six==1.16.0\n',
    prepare: (io) => (io.reportSource = { kind: 'database', dataAge: 30 * day }),
    code: 3,
    says: /incomplete \(the advisory data are 30 days old, over the limit of 7 days\)/u,
  },
  {
    name: 'the data are of unknown age',
    text: 'six==1.16.0\n',
    prepare: (io) => (io.reportSource = { kind: 'database' }),
    code: 3,
    says: /incomplete \(the age of the advisory data is unknown\)/u,
  },
  {
    name: 'the file is empty',
    text: '# nothing yet\n',
    code: 4,
    says: /nothing to scan/iu,
  },
];

describe('what was not assessed never looks clean', () => {
  for (const format of reportFormatIds) {
    const hasHeadline = reportFormat(format).kind !== 'annotations';
    for (const { name, text, args = [], prepare, code, says } of situations) {
      it(`in ${format} where ${name}`, async () => {
        const io = new FakeIo();
        io.disk.set('requirements.txt', text);
        prepare?.(io);
        assert.equal(await run(['scan', 'requirements.txt', '--format', format, ...args], io), code);
        const shown = io.out.replaceAll('\\', '');
        assert.match(shown, hasHeadline ? says : /^::(warning|notice) title=Pinwatch/mu);
        assert.match(shown, hasHeadline ? says : new RegExp(gapOf(says), says.flags));
        assert.doesNotMatch(shown, /no known vulnerabilit/iu);
        if (code === 3) {
          assert.doesNotMatch(shown, /"executionSuccessful": true|"complete": true/u);
        }
      });
    }

    it(`in ${format}, and what was assessed whole says how much that was`, async () => {
      const io = new FakeIo();
      io.disk.set('requirements.txt', 'six==1.16.0\n');
      io.reportSource = { kind: 'database', dataAge: day };
      assert.equal(await run(['scan', 'requirements.txt', '--format', format], io), 0);
      if (hasHeadline) {
        assert.match(io.out, /no known vulnerabilities \(1 of 1 assessed\)/u);
      }
    });
  }

  it('has the threshold of its age set by an option; findings win over it', async () => {
    const io = new FakeIo();
    io.reportSource = { kind: 'database', dataAge: 30 * day };
    io.disk.set('requirements.txt', 'six==1.16.0\n');
    const scan = (...args: string[]): Promise<number> => run(['scan', 'requirements.txt', ...args], io);
    assert.equal(await scan('--max-data-age', '30'), 0);
    assert.equal(await scan('--max-data-age', '29.5'), 3);
    assert.equal(await scan('--max-data-age', '0'), 2);
    assert.equal(await scan('--max-data-age', 'week'), 2);
    io.source.add('six==1.16.0', 'PYSEC-1', { summary: 'bad' });
    assert.equal(await scan(), 1);
    assert.equal(await scan('--fail-on', 'none'), 3);
    io.out = '';
    await scan('--format', 'json');
    assert.equal((JSON.parse(io.out) as { source: { dataAgeDays: number } }).source.dataAgeDays, 30);
  });
});

/** Annotations have the gaps without the words around them. */
function gapOf({ source }: RegExp): string {
  return source.replace(/^incomplete[^(]*\\\(/u, '').replace(/\\\)$/u, '');
}
