/** Server to client, whenever the state or a figure in it changes. */
export const statusMethod = 'pinwatch/status';

export interface StatusParams {
  readonly state: ServiceState;
  /** Requirements in the open requirement files, by what became of them. */
  readonly vulnerable: number;
  readonly possiblyVulnerable: number;
  readonly failed: number;
  readonly skipped: number;
  /** All of them, and those among them that have a verdict. */
  readonly requirements: number;
  readonly assessed: number;
  /** Being looked up. */
  readonly checking: number;
  /** Lines that could not be read, such as an include whose file is missing, and files and folders of the workspace. */
  readonly unread: number;
  /** What the figures come to; `clean` only where all was assessed with fresh data. */
  readonly headline: HeadlineKind;
  /** Of the oldest advisory data relied on; absent where it is not known. */
  readonly dataAgeDays?: number;
  /** These data are older than the settings allow, or of unknown age. */
  readonly isOld: boolean;
  /** Vulnerable, and ignored with all that is known of them; not among those. */
  readonly ignored: number;
  readonly cache: CacheFigures;
  /** Where advisories come from; shown when it is not OSV itself. */
  readonly source: SourceStatus;
  /** When the oldest answer shown was given, RFC 3339; absent where nothing was answered yet. */
  readonly oldestAnswerAt?: string;
  /** One sentence for people: why the state is what it is. */
  readonly message?: string;
}

/** `partly`: nothing was found, and some requirements were skipped. */
export type HeadlineKind = 'findings' | 'incomplete' | 'partly' | 'ignored' | 'clean' | 'empty';

export interface SourceStatus {
  /** Of the service, whether it is asked or not. */
  readonly url: string;
  /** The service is asked, and is OSV itself. */
  readonly isDefault: boolean;
  /** Present where the local advisory database alone is asked. `currentAt`: its data are complete up to here, RFC 3339. */
  readonly database?: { readonly currentAt: string | null };
}

/**
 * `scanning`: a look-up is in progress or about to begin · `degraded`: some requirements could not be checked · `offline`: nobody answers ·
 * `error`: the server itself is at fault.
 */
export type ServiceState = 'idle' | 'scanning' | 'degraded' | 'offline' | 'error';

export interface CacheFigures {
  readonly hits: number;
  readonly misses: number;
  /** 0 to 1; 0 where nothing was asked. */
  readonly hitRate: number;
  readonly entries: number;
}
