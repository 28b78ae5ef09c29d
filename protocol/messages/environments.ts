/** Client to server: the Python environments that the user has selected. Each message takes the place of the one before. */
export const environmentsMethod = 'pinwatch/environments';

export interface EnvironmentsParams {
  readonly selected: readonly SelectedEnvironment[];
}

export interface SelectedEnvironment {
  /** The URI of the folder for whose files it is; absent for all files. */
  readonly folder?: string;
  /** The environment's own folder, as the system spells it. */
  readonly path: string;
}
