import assert from 'node:assert/strict';
import { addIgnore, type NewIgnore } from '../../../../server/src/core/ignores/addIgnore.ts';
import { decodeOsvScannerToml } from '../../../../server/src/core/ignores/osvScannerToml.ts';
import { findLineStarts } from '../../../../server/src/core/text/lineIndex.ts';
import { parseToml } from '../../../../server/src/core/text/toml/parseToml.ts';

const entry: NewIgnore = { id: 'CVE-2021-35042', reason: 'Not "reached" \\ here', until: '2027-01-31' };

function applied(text: string, ignore = entry): string {
  const edit = addIgnore(text, ignore) ?? assert.fail('no edit');
  const offset = (findLineStarts(text)[edit.range.start.line] ?? 0) + edit.range.start.character;
  return text.slice(0, offset) + edit.newText + text.slice(offset);
}

describe('adding an ignore', () => {
  it('writes a file that osv-scanner can read', () => {
    assert.equal(
      applied(''),
      '[[IgnoredVulns]]\nid = "CVE-2021-35042"\nignoreUntil = 2027-01-31\nreason = "Not \\"reached\\" \\\\ here"\n',
    );
  });

  for (const [what, text] of [
    ['a file', '[[IgnoredVulns]]\nid = "A"\n'],
    ['a file that writes the key its own way', '[[ignoredVulns]]\nid = "A"\n'],
    ['a file without a last line end', '# mine\n[[IgnoredVulns]]\nid = "A"'],
    ['a file with Windows line ends', '[[IgnoredVulns]]\r\nid = "A"\r\n'],
    ['a file that ends in another table', '[[IgnoredVulns]]\nid = "A"\n[[PackageOverrides]]\nname = "x"\n'],
  ] as const) {
    it(`appends to ${what}, and leaves what is there`, () => {
      const changed = applied(text);
      const { ignores, problems } = decodeOsvScannerToml('osv-scanner.toml', changed, parseToml(changed));
      assert.ok(changed.startsWith(text));
      assert.equal(/[^\r]\n/u.test(changed), !text.includes('\r'));
      assert.deepEqual(problems, []);
      assert.deepEqual(
        ignores.map(({ id, reason, until }) => [id, reason, until?.text]),
        [
          ['A', '', undefined],
          [entry.id, entry.reason, entry.until],
        ],
      );
    });
  }

  it('puts an entry before the one that the file has of the same id, as osv-scanner goes by the first', () => {
    const old = '# not used\n  # here\n[[IgnoredVulns]]\nid = "CVE-2021-35042" # old\nignoreUntil = 2020-01-01\n';
    for (const [before, eol] of [
      ['', '\n'],
      ['[[IgnoredVulns]]\r\nid = "A"\r\n\r\n', '\r\n'],
    ] as const) {
      const text = before + old.replaceAll('\n', eol) + '# end';
      const changed = applied(text);
      assert.ok(changed.startsWith(`${before}[[IgnoredVulns]]${eol}id = "CVE-2021-35042"`), 'before its comments');
      assert.equal(changed.replace(/\[\[IgnoredVulns\]\]\r?\nid = "CVE-2021-35042"\r?\n[^#]*?here"\s+/u, ''), text);
      const { ignores } = decodeOsvScannerToml('osv-scanner.toml', changed, parseToml(changed));
      assert.deepEqual(
        ignores.filter(({ id }) => id === entry.id).map(({ until }) => until?.text),
        ['2027-01-31', '2020-01-01'],
      );
    }
  });

  it('refuses a file whose last header has no end', () => {
    for (const text of ['[[IgnoredVulns\nid = "A"\n', '[[IgnoredVulns]\nid = "A"\n', '[[IgnoredVulns']) {
      assert.equal(addIgnore(text, entry), undefined, text);
    }
  });

  it('makes one line of a reason, whatever it holds', () => {
    const text = applied('', { ...entry, reason: 'a\n[[IgnoredVulns]]\nid = "B"\u202e', until: undefined });
    const { ignores } = decodeOsvScannerToml('osv-scanner.toml', text, parseToml(text));
    assert.deepEqual(
      ignores.map(({ id, reason }) => [id, reason]),
      [[entry.id, 'a [[IgnoredVulns]] id = "B"']],
    );
  });

  it('refuses a file whose entries stand in one value', () => {
    assert.equal(addIgnore('IgnoredVulns = [{ id = "A" }]\n', entry), undefined);
  });

  it('refuses what is no id and no day', () => {
    assert.equal(addIgnore('', { ...entry, id: 'A"\n' }), undefined);
    assert.equal(addIgnore('', { ...entry, until: '2027-02-31' }), undefined);
    assert.equal(addIgnore('', { ...entry, until: 'soon' }), undefined);
  });
});
