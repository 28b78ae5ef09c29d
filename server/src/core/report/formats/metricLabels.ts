/** Labels of a metric in Prometheus text, empty where there are none; what a value has of backslashes, quotes and line ends is escaped. */
export function labels(values: Readonly<Record<string, string>>): string {
  const written = Object.entries(values).map(([name, value]) => `${name}="${escaped(value)}"`);
  return written.length === 0 ? '' : `{${written.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/[\\"]/gu, '\\$&').replace(/\n/gu, '\\n');
}
