import type { SentData, WithheldRequirement } from '../../../../../protocol/messages/figures/sentData.ts';
import { isPin } from '../../../core/assessment/lookup.ts';
import { plainText } from '../../../core/text/plainText.ts';
import { type Question, questionKey } from '../../../engine/question.ts';
import type { FileSnapshot } from '../../../project/workspace/fileSnapshot.ts';
import type { Workspace } from '../../../project/workspace/workspace.ts';
import { asksForProjects, hasLicenceRules } from '../../publish/policies.ts';

/** What these files let leave the machine: exactly the questions that a scan of them asks, and what it never asks about. */
export function sentDataOf(workspace: Workspace): SentData {
  const { selected: files } = workspace;
  const { enable, blocked, osvUrl, indexUrl, offlineMode, cacheRedisUrl } = workspace.settings.window;
  const asksForLicences = files.some(({ settings }) => hasLicenceRules(settings) || asksForProjects(settings));
  const asks = enable && blocked === undefined && offlineMode !== 'offline';
  const lookups = files.flatMap(({ id }) => workspace.lookupsOf(id));
  const asked = lookups.map((lookup): Question => (isPin(lookup) ? lookup : { name: lookup.name }));
  const questions = new Map(asked.map((question) => [questionKey(question), question]));
  return {
    enabled: enable,
    ...(blocked === undefined ? {} : { blocked }),
    destination: asks ? osvUrl : null,
    index: asks && indexUrl !== 'none' ? indexUrl : null,
    indexForLicenses: asks && indexUrl !== 'none' && asksForLicences,
    teamCache: enable && asks ? hostOf(cacheRedisUrl) : null,
    sent: (asks ? [...questions.values()] : []).sort(byName).map(({ name, version = null }) => ({ name, version })),
    withheld: files.flatMap(withheldIn),
  };
}

/** Never who one is there. Several hosts of a cluster have commas between them. */
function hostOf(redisUrl: string): string | null {
  return /^rediss?:\/\/(?:[^/?#]*@)?([^@/?#]+)/u.exec(redisUrl)?.[1] ?? null;
}

function byName(a: Question, b: Question): number {
  return a.name === b.name ? compare(a.version ?? '', b.version ?? '') : compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withheldIn(file: FileSnapshot): readonly WithheldRequirement[] {
  return file.lines.flatMap(({ requirement: { subject, name, tokenRange } }) =>
    subject.kind === 'lookup'
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
