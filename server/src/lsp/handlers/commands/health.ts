import type { Health } from '../../../../../protocol/messages/figures/health.ts';
import { healthOf } from '../../../project/health.ts';
import type { Environment } from '../../environment.ts';
import type { Session } from '../../session.ts';

/** How the server and each of its parts do now. */
export function serverHealth(session: Session, environment: Environment): Promise<Health> {
  const { engine, workspace, guard } = session;
  return healthOf(engine.engine, workspace.settings.window, {
    version: environment.version,
    node: environment.nodeVersion,
    uptimeSeconds: environment.processFigures().uptimeSeconds,
    memoryTrouble: guard.trouble,
  });
}
