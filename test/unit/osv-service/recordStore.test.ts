import assert from 'node:assert/strict';
import { RecordStore } from '../../osv-service/recordStore.ts';
import { storedRecord } from '../../osv-service/storedRecord.ts';
import { record } from './client.ts';

describe('the records of the OSV service', () => {
  function store(values: readonly unknown[], { hasNanoseconds = false } = {}): RecordStore {
    return new RecordStore(values.map(storedRecord), { hasNanoseconds });
  }

  const everything = [{ introduced: '0' }];

  it('finds a package under every spelling of its name', () => {
    const records = store([record('T-1', 'Foo.Bar_baz', everything)]);
    for (const name of ['foo-bar-baz', 'FOO--BAR.baz', 'foo_bar_baz'])
      assert.deepEqual(records.match('PyPI', name, '1'), ['T-1']);
    assert.deepEqual(records.match('PyPI', 'foobarbaz', '1'), []);
  });

  it('answers ids ascending, each once', () => {
    const twice = { ...record('PYSEC-1', 'a', everything), affected: [entry('PyPI', 'a'), entry('PyPI', 'A')] };
    const records = store([twice, record('GHSA-2', 'a', everything), record('MAL-3', 'a', everything)]);
    assert.deepEqual(records.match('PyPI', 'a', '1'), ['GHSA-2', 'MAL-3', 'PYSEC-1']);
  });

  it('keeps ecosystems apart, and finds one with a suffix under its plain name', () => {
    const mixed = { ...record('T-1', 'a', everything), affected: [entry('npm', 'a'), entry('Debian:12', 'a')] };
    const records = store([mixed]);
    assert.deepEqual(records.match('PyPI', 'a', ''), []);
    assert.deepEqual(records.match('npm', 'a', ''), ['T-1']);
    assert.deepEqual(records.match('Debian', 'a', ''), ['T-1']);
    assert.deepEqual(records.match('Debian:12', 'a', ''), ['T-1']);
    assert.deepEqual(records.match('Debian:11', 'a', ''), []);
  });

  it('never matches withdrawn records, but has their details', () => {
    const records = store([record('T-1', 'a', everything, { withdrawn: '2026-02-02T00:00:00Z' })]);
    assert.deepEqual(records.match('PyPI', 'a', ''), []);
    assert.equal(records.details('T-1')?.['withdrawn'], '2026-02-02T00:00:00Z');
  });

  it('cuts the stamp of the index to six digits and leaves that of the details', () => {
    for (const [own, cut] of [
      ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000Z'],
      ['2026-01-02T03:04:05.5Z', '2026-01-02T03:04:05.500000Z'],
      ['2026-01-02T03:04:05.999999999Z', '2026-01-02T03:04:05.999999Z'],
    ]) {
      const records = store([record('T-1', 'a', everything, { modified: own })]);
      assert.equal(records.indexModified('T-1'), cut);
      assert.equal(records.details('T-1')?.['modified'], own);
    }
  });

  it('gives the details nine digits where that is asked for', () => {
    const records = store([record('T-1', 'a', everything)], { hasNanoseconds: true });
    assert.equal(records.details('T-1')?.['modified'], '2026-01-02T03:04:05.000000631Z');
    assert.equal(records.indexModified('T-1'), '2026-01-02T03:04:05.000000Z');
  });

  it('changes a stamp, forward or back, in index and details', () => {
    const records = store([record('T-1', 'a', everything)]);
    records.setModified('T-1', '2020-01-01T00:00:00Z');
    assert.equal(records.indexModified('T-1'), '2020-01-01T00:00:00.000000Z');
    assert.equal(records.details('T-1')?.['modified'], '2020-01-01T00:00:00Z');
  });

  it('hides details and shows them again', () => {
    const records = store([record('T-1', 'a', everything)]);
    records.hideDetails('T-1');
    assert.equal(records.details('T-1'), undefined);
    assert.deepEqual(records.match('PyPI', 'a', ''), ['T-1']);
    records.showDetails('T-1');
    assert.ok(records.details('T-1'));
  });

  it('takes a changed record for the old one, under its new packages only', () => {
    const records = store([record('T-1', 'a', everything)]);
    records.put(record('T-1', 'b', everything));
    assert.deepEqual(records.match('PyPI', 'a', ''), []);
    assert.deepEqual(records.match('PyPI', 'b', ''), ['T-1']);
    assert.equal(records.size, 1);
  });

  it('removes, withdraws and takes everything back', () => {
    const records = store([record('T-1', 'a', everything), record('T-2', 'a', everything)]);
    records.remove('T-1');
    records.withdraw('T-2', '2026-03-03T00:00:00Z');
    records.put(record('T-3', 'a', everything));
    assert.deepEqual(records.match('PyPI', 'a', ''), ['T-3']);
    assert.equal(records.details('T-1'), undefined);
    records.reset();
    assert.deepEqual(records.match('PyPI', 'a', ''), ['T-1', 'T-2']);
    assert.equal(records.details('T-3'), undefined);
    assert.equal(records.details('T-2')?.['withdrawn'], undefined);
  });

  it('says which record it does not have', () => {
    assert.throws(() => store([]).setModified('T-9', '2026-01-01T00:00:00Z'), /no record T-9/);
  });

  it('refuses what is no record', () => {
    const records = store([]);
    assert.throws(() => records.put([]), /not a JSON object/);
    assert.throws(() => records.put({ modified: '2026-01-01T00:00:00Z' }), /no "id"/);
    assert.throws(() => records.put({ id: 'T-1', modified: 'yesterday' }), /T-1 has no "modified" time/);
  });

  it('knows which records name an alias', () => {
    const records = store([
      record('T-2', 'a', everything, { aliases: ['CVE-1'] }),
      record('T-1', 'b', everything, { aliases: ['CVE-1', 'CVE-2'] }),
    ]);
    assert.deepEqual(records.idsWithAlias('CVE-1'), ['T-1', 'T-2']);
    assert.deepEqual(records.idsWithAlias('CVE-3'), []);
  });
});

function entry(ecosystem: string, name: string): object {
  return { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }] };
}
