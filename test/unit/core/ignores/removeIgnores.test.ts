import assert from 'node:assert/strict';
import { removeIgnores } from '../../../../server/src/core/ignores/removeIgnores.ts';

const a = '[[IgnoredVulns]]\nid = "A"\nreason = "[[no header]]"\n';
const b = "# about b\n  # more\n[[IgnoredVulns]] # here\nid = 'B'\nignoreUntil = 2027-01-31\n";
const other = '[[PackageOverrides]]\nname = "B"\n';

const without = (text: string, ...ids: readonly string[]): string | undefined => removeIgnores(text, new Set(ids));

describe('removing an ignore', () => {
  it('takes the entry away with its comments, and leaves everything else', () => {
    const text = `# top\nkey = 1\n\n${a}\n${b}\n${other}`;
    assert.equal(without(text, 'A'), `# top\nkey = 1\n\n${b}\n${other}`);
    assert.equal(without(text, 'B'), `# top\nkey = 1\n\n${a}\n${other}`);
    assert.equal(without(text, 'A', 'B'), `# top\nkey = 1\n\n${other}`);
  });

  it('takes every entry of the id away', () => {
    assert.equal(without(`${a}\n${b}\n${a}`, 'A'), b);
  });

  it('leaves no blank lines at the end, and nothing of a file that had nothing else', () => {
    assert.equal(without(`# ours\n\n${a}`, 'A'), '# ours\n');
    assert.equal(without(a, 'A'), '');
  });

  it('keeps Windows line ends', () => {
    const text = `${a}\n${b}`.replaceAll('\n', '\r\n');
    assert.equal(without(text, 'A'), b.replaceAll('\n', '\r\n'));
    assert.equal(without(text, 'B'), a.replaceAll('\n', '\r\n'));
  });

  it('does nothing where there is none, or none in a table of its own', () => {
    for (const text of [
      '',
      '# x\n',
      a,
      other,
      'IgnoredVulns = [{ id = "B" }]\n',
      '[[IgnoredVulns',
      '[[IgnoredVulns]]\n',
    ]) {
      assert.equal(without(text, 'B'), undefined, text);
    }
  });
});
