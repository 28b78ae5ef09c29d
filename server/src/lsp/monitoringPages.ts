import { metricsText } from '../features/metrics.ts';
import type { MonitoringPages } from '../engine/ports.ts';
import type { Environment } from './environment.ts';
import { metricsFiguresOf } from './handlers/commands/metrics.ts';
import { serverHealth } from './handlers/commands/health.ts';
import type { Session } from './session.ts';

/** `/metrics` for Prometheus, and `/health` as JSON: 503 where nobody can say what is vulnerable. */
export function monitoringPages(session: Session, environment: Environment): MonitoringPages {
  return {
    '/metrics': async () => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: metricsText(await metricsFiguresOf(session, environment)),
    }),
    '/health': async () => {
      const health = await serverHealth(session, environment);
      return {
        status: health.status === 'DOWN' ? 503 : 200,
        type: 'application/json; charset=utf-8',
        text: `${JSON.stringify(health)}\n`,
      };
    },
  };
}
