export { type FailOn, failOnLevels as thresholds } from '../../core/config/configShape.ts';
