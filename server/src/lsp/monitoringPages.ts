import { metricsText } from '../features/metrics.ts';
import type { MonitoringPages } from '../engine/ports.ts';
import type { Environment } from './environment.ts';
import { statisticsOf } from './handlers/commands/figures.ts';
import { healthOf } from './handlers/commands/health.ts';
import type { Session } from './session.ts';

/** `/metrics` for Prometheus, and `/health` as JSON: 503 where nobody can say what is vulnerable. */
export function monitoringPages(session: Session, environment: Environment): MonitoringPages {
  const { engine, recorder, workspace, guard } = session;
  return {
    '/metrics': () =>
      Promise.resolve({
        status: 200,
        type: 'text/plain; version=0.0.4; charset=utf-8',
        text: metricsText(statisticsOf(engine, recorder, workspace, environment), engine.counts.scans),
      }),
    '/health': async () => {
      const health = await healthOf(engine.engine, workspace.settings.window, environment, guard.trouble);
      return {
        status: health.status === 'DOWN' ? 503 : 200,
        type: 'application/json; charset=utf-8',
        text: `${JSON.stringify(health)}\n`,
      };
    },
  };
}
