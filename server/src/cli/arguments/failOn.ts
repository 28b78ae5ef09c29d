export const thresholds = ['none', 'low', 'medium', 'high', 'critical', 'any'] as const;
export type FailOn = (typeof thresholds)[number];
