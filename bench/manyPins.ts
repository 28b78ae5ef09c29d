/** So many pins, each a line; the first `vulnerable` of them have one advisory each in `manyRecords`. */
export function manyPins(count: number, vulnerable: number): string {
  return Array.from({ length: count }, (_, index) => `${nameOf(index, vulnerable)}==1.0\n`).join('');
}

/** One advisory for each of so many packages, about as long as a real one, and `each - 1` more that are fixed in their pins. */
export function manyRecords(count: number, each = 1): readonly Record<string, unknown>[] {
  return Array.from({ length: count * each }, (_, index) => ({
    id: `PYSEC-2000-${index + 1}`,
    modified: '2026-01-02T03:04:05Z',
    aliases: [`CVE-2000-${10_000 + index}`],
    summary: 'A made-up advisory for measuring',
    details: 'It goes on for a while, as advisories do. '.repeat(60),
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    affected: [
      {
        package: { ecosystem: 'PyPI', name: nameOf(index % count, count) },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: index < count ? '2.0' : '0.5' }] }],
      },
    ],
  }));
}

function nameOf(index: number, vulnerable: number): string {
  return index < vulnerable ? `vulnerable-${index}` : `clean-${index}`;
}
