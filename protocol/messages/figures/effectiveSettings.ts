/** Result of `pinwatch.server.effectiveSettings`: which settings hold in each folder of the workspace. */
export interface EffectiveSettings {
  readonly folders: readonly { readonly name: string; readonly values: readonly EffectiveSetting[] }[];
}

export interface EffectiveSetting {
  readonly key: string;
  /** As JSON. */
  readonly value: string;
  /** `default`, `settings` for those of the editor, or the path of the project's configuration. */
  readonly from: string;
}
