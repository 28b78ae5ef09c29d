import type { AdvisoriesResult } from '../../../../protocol/messages/advisories.ts';
import type { Place } from '../../../../protocol/messages/place.ts';
import { advisoriesAt } from '../../features/findings.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';

/** `pinwatch/advisories`: those of one requirement, as they are known this instant. */
export function advisories(workspace: Workspace): (params: unknown) => AdvisoriesResult {
  return (params) => {
    const place = placeOf(params);
    const file = place && workspace.snapshot(fileId(place.uri));
    return { advisories: place === undefined || file === undefined ? [] : advisoriesAt(file.lines, place) };
  };
}

function placeOf(params: unknown): Place | undefined {
  const { uri, line, character } = (params ?? {}) as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof line === 'number' && typeof character === 'number'
    ? { uri, line, character }
    : undefined;
}
