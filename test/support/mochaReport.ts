/** What mocha's JSON reporter says of one run. */
export interface MochaReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly error: string }[];
}

/** Undefined for anything but a whole report, such as a file cut short. */
export function decodeMochaReport(text: string): MochaReport | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json) || !isRecord(json['stats']) || !Array.isArray(json['failures'])) return undefined;
  const { passes, failures, pending } = json['stats'];
  if (typeof passes !== 'number' || typeof failures !== 'number' || typeof pending !== 'number') return undefined;
  return { passed: passes, failed: failures, skipped: pending, failures: json['failures'].map(decodeFailure) };
}

function decodeFailure(json: unknown): { readonly title: string; readonly error: string } {
  const failure = isRecord(json) ? json : {};
  const error = isRecord(failure['err']) ? failure['err'] : {};
  const told = [error['stack'], error['message']].find((text) => typeof text === 'string' && text !== '');
  return { title: String(failure['fullTitle']), error: typeof told === 'string' ? told : 'no message' };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
