/** Result of `pinwatch.server.clearCache`. */
export interface ClearCacheResult {
  readonly entries: number;
}
