/** Result of `pinwatch.server.health`. */
export interface Health {
  /** `DOWN`: nobody can say what is vulnerable. `DEGRADED`: a part that is in use does not work as it should. */
  readonly status: 'UP' | 'DEGRADED' | 'DOWN';
  readonly version: string;
  readonly node: string;
  readonly uptimeSeconds: number;
  readonly components: Readonly<Record<HealthComponent, ComponentHealth>>;
}

export type HealthComponent =
  'osv' | 'index' | 'cacheMemory' | 'cacheDisk' | 'cacheRedis' | 'advisoryDatabase' | 'queue';

export interface ComponentHealth {
  /** `UNKNOWN`: it has not been asked yet. `OFF`: the settings do without it. */
  readonly status: Health['status'] | 'UNKNOWN' | 'OFF';
  /** RFC 3339. */
  readonly lastSuccess?: string;
  /** What is the matter, or what it is about; for people. */
  readonly message?: string;
  /** What to do about it; for people. */
  readonly advice?: string;
}
