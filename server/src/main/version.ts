import manifest from '../../../package.json' with { type: 'json' };

/** Of Pinwatch, as the manifest has it. */
export const version: string = manifest.version;
