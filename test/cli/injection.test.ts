import assert from 'node:assert/strict';
import { reportFormatIds } from '../../server/src/core/report/formats.ts';
import { run } from '../../server/src/cli/run.ts';
import { FakeIo } from '../support/fakeIo.ts';

/** What moves a cursor, colours, reorders or hides text, ends a line, or commands a runner. */
const hostile =
  'a\u001b[2J\u009b31m\u202eb\u2066\u200b\u0007\r\n::error::x%0A\u2028<img src=x onerror=1>|`c`](https://e.example)\u0000@team';
const forbidden = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/u;

describe('hostile text in reports', () => {
  function hostileIo(): FakeIo {
    const io = new FakeIo();
    io.source.add('django==3.2.0', 'PYSEC-2021-109', {
      aliases: ['CVE-2021-35042', `CVE-2021-1${hostile}`],
      summary: hostile,
      details: hostile,
      references: [{ type: 'WEB', url: `https://e.example/${hostile}` }],
      affected: [
        {
          package: { ecosystem: 'PyPI', name: 'django' },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: `3.2.4${hostile}` }] }],
          versions: ['3.2.0'],
        },
      ],
    });
    io.disk.set(`${hostile}/requirements.txt`, `django==3.2.0\n`);
    io.disk.set(
      'requirements.txt',
      [
        'django==3.2.0',
        `foo==1${hostile.replaceAll(/[\r\n\u2028]/gu, '')}`,
        `-r ${hostile.replaceAll(/[\r\n\u2028]/gu, '')}.txt`,
        `"${hostile}" foo`,
        `./pkg${hostile.replaceAll(/[\r\n\u2028\u0000]/gu, '')}.whl`,
        '',
      ].join('\n'),
    );
    io.disk.set(
      'osv-scanner.toml',
      `[[IgnoredVulns]]\nid = "CVE-2021-35042"\nreason = ${JSON.stringify(hostile)}\n${JSON.stringify(hostile)} = 1\n`,
    );
    return io;
  }

  for (const format of reportFormatIds) {
    it(`reaches no terminal from ${format}`, async () => {
      for (const log of ['text', 'json']) {
        for (const paths of [['requirements.txt'], [`${hostile}/requirements.txt`], [hostile]]) {
          const io = hostileIo();
          await run(['scan', ...paths, '--format', format, '--log', log], io);
          for (const said of [io.out, io.err]) {
            const at = said.search(forbidden);
            assert.equal(at, -1, JSON.stringify(said.slice(Math.max(0, at - 200), at + 50)));
          }
          assert.doesNotMatch(io.out, /^::error::/mu);
          assert.doesNotMatch(io.err, /^::error::/mu);
          if (format === 'markdown') {
            assert.doesNotMatch(io.out, /<img|[^\\]\]\(https:\/\/e\.example/u);
          }
        }
      }
    });
  }
});
