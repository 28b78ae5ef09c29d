export type FindingSeverity = 'none' | 'low' | 'medium' | 'high' | 'critical' | 'unknown' | 'malicious';

export type SeverityCounts = Readonly<Partial<Record<FindingSeverity, number>>>;
