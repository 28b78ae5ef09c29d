/** The report in an editor is read from the top: first how much there is, which a terminal shows last. */
export function totalsFirst(report: string): string {
  const blocks = report.trimEnd().split('\n\n');
  return `${[...blocks.slice(-1), ...blocks.slice(0, -1)].join('\n\n')}\n`;
}
