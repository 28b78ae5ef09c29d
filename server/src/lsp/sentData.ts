import type { SentData, WithheldRequirement } from '../../../protocol/messages.ts';
import type { Settings } from '../../../protocol/settings.ts';
import { type Pin, pinKey } from '../core/assessment/pin.ts';
import { plainText } from '../core/report/plainText.ts';
import type { TrackedFile } from './trackedFile.ts';

/** What these files let leave the machine: exactly the questions that a scan of them asks, and what it never asks about. */
export function sentDataOf(files: readonly TrackedFile[], { enable, osvUrl }: Settings): SentData {
  const pins = new Map(files.flatMap((file) => file.pins()).map((pin) => [pinKey(pin), pin]));
  return {
    destination: enable ? osvUrl : null,
    sent: [...pins.values()].sort(byName).map(({ name, version }) => ({ name, version })),
    withheld: files.flatMap(withheldIn),
  };
}

function byName(a: Pin, b: Pin): number {
  return a.name === b.name ? compare(a.version, b.version) : compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withheldIn(file: TrackedFile): readonly WithheldRequirement[] {
  return file.lines.flatMap(({ requirement: { subject, name, tokenRange } }) =>
    subject.kind === 'pin'
      ? []
      : [
          {
            uri: file.uri,
            ...tokenRange.start,
            name: plainText(name, 100),
            reason: subject.outcome.reason,
            message: plainText(subject.outcome.message, 300),
          },
        ],
  );
}
