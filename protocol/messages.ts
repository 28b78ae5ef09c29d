/** Every custom message: its method, direction and payload. Payloads are plain JSON. */

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
  /** Present where the local advisory database alone is asked. `currentAt`: its data tell of the world up to here, RFC 3339. */
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

/** Params of `pinwatch.server.rescan`: the files to check again; where absent every requirement file of the workspace. */
export interface RescanParams {
  readonly uris?: readonly string[];
}

/** Result of `pinwatch.server.rescan`. */
export interface RescanResult {
  readonly files: number;
  readonly requirements: number;
  readonly vulnerable: number;
  readonly possiblyVulnerable: number;
  readonly failed: number;
  /** Not assessed; absent where none was skipped. */
  readonly skipped?: number;
  /** Files and folders that could not be read, those that a line includes among them; absent where all could. */
  readonly unread?: number;
  /** From the request to its answer, in whole milliseconds. */
  readonly durationMs: number;
}

/** Params of `pinwatch.server.fixAll`: the files to fix; where absent every requirements file, after a preview. */
export interface FixAllParams {
  readonly uris?: readonly string[];
  /** Schemes of documents that cannot be saved: what they require is left as it is. */
  readonly readOnlySchemes?: readonly string[];
  /** Major updates too, after a preview; where absent the settings decide, and what they leave open is left for review. */
  readonly majors?: boolean;
}

/** Result of `pinwatch.server.fixAll`. */
export interface FixAllResult {
  /** Whether the client made the edit; a preview may be turned down. */
  readonly applied: boolean;
  /** Whether the user chose in a preview what to change: which of it the client made is not told then. */
  readonly previewed: boolean;
  /** Requirements that the edit fixes, and the files that it changes. */
  readonly fixed: number;
  readonly files: number;
  /** What is vulnerable or not known, and stays as it is. */
  readonly left: readonly LeftRequirement[];
  /** Major updates that were left for review; absent where there are none. */
  readonly majors?: number;
  /** Requirements that were not assessed, so that nobody knows whether they need a fix; absent where all were. */
  readonly unchecked?: number;
  /** Files and folders that were to be read and were not; absent where all were. */
  readonly unread?: number;
}

export interface LeftRequirement {
  readonly uri: string;
  /** From 0. */
  readonly line: number;
  readonly name: string;
  /** One sentence for people. */
  readonly reason: string;
}

/** Argument of `pinwatch.ignoreAdvisory` and `pinwatch.stopIgnoring` where a code action runs it. */
export interface IgnoreRequest {
  /** Of the requirements file. */
  readonly uri: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Params of `pinwatch.server.ignoreEdit`. */
export interface IgnoreEditParams {
  /** Of the `osv-scanner.toml` as the editor has it; empty where there is none yet. */
  readonly text: string;
  readonly id: string;
  readonly reason: string;
  /** A day, `2027-01-31`. */
  readonly until?: string;
}

/** Result of `pinwatch.server.ignoreEdit`: a text to put in, at a place from 0 as LSP counts. */
export interface IgnoreEdit {
  readonly line: number;
  readonly character: number;
  readonly newText: string;
}

/** Params of `pinwatch.server.stopIgnoreEdit`. */
export interface StopIgnoreEditParams {
  /** Of the `osv-scanner.toml` as the editor has it. */
  readonly text: string;
  /** Of the requirements file. */
  readonly uri: string;
  /** The findings that are no longer ignored, by any of their ids. */
  readonly ids: readonly string[];
}

/** Result of `pinwatch.server.stopIgnoreEdit`: the new text; `null` where the file ignores none of them. */
export interface StopIgnoreEdit {
  readonly text: string | null;
}

/** Result of `pinwatch.server.clearCache`. */
export interface ClearCacheResult {
  readonly entries: number;
}

/** Result of `pinwatch.server.statistics`. */
export interface Statistics {
  readonly cache: {
    readonly memory: {
      readonly entries: number;
      readonly capacity: number;
      readonly hits: number;
      readonly misses: number;
      readonly hitRate: number;
      readonly evictions: number;
    };
    readonly disk: {
      readonly entries: number;
      readonly bytes: number;
      readonly hits: number;
      readonly misses: number;
      /** Rows that were there and were not believed; each is a miss too. */
      readonly rejected: number;
    };
    readonly redis: null | {
      readonly hits: number;
      readonly misses: number;
      readonly rejected: number;
      readonly trouble: string | null;
    };
  };
  readonly osv: {
    readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
    readonly retries: number;
    readonly failures: number;
    readonly circuit: 'closed' | 'open' | 'halfOpen';
    readonly inFlight: number;
  };
  readonly scans: {
    readonly count: number;
    readonly queued: number;
    readonly running: number;
    readonly durationMs: DurationFigures;
    /** Scans that took over a fifth longer than the median of those of their kind and size. */
    readonly slow: { readonly count: number; readonly last?: SlowScanFigures };
  };
  /** `cpuSeconds`: user and system time. */
  readonly process: { readonly rssBytes: number; readonly uptimeSeconds: number; readonly cpuSeconds: number };
  /** Of this session and those before it in this workspace, whatever the settings were. */
  readonly lifetime: {
    /** When the first session began, RFC 3339. */
    readonly since: string;
    /** `scan`, `scan.typing` and `rescan`, each with `.known` where nobody had to be asked; requests and commands by name. */
    readonly operations: Readonly<Record<string, OperationFigures>>;
    /** Scans by the address of the workspace folder that they were for. */
    readonly projects: Readonly<Record<string, Readonly<Record<string, OperationFigures>>>>;
  };
}

/** Milliseconds. `part`: what grew most, waiting for answers or Pinwatch's own work. `at`: RFC 3339. */
export interface SlowScanFigures {
  readonly kind: string;
  readonly durationMs: number;
  readonly usualMs: number;
  readonly part: 'requests' | 'own';
  readonly at: string;
}

/** Milliseconds; the percentiles are of the last 100. */
export interface OperationFigures extends DurationFigures {
  readonly total: number;
  /** Of the last run, and when it ended, RFC 3339. */
  readonly last: number;
  readonly lastAt: string;
}

export interface DurationFigures {
  readonly count: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

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

/** Argument of `pinwatch.server.importDatabase`. */
export interface ImportDatabaseParams {
  /** A file of advisories: zip, JSON lines or JSON, gzipped or not. */
  readonly uri: string;
}

/** Result of `pinwatch.server.updateDatabase` and `pinwatch.server.importDatabase`. */
export interface DatabaseResult {
  /** Records written, whether they were new or not. */
  readonly written: number;
  /** Records skipped, since those that were there are newer. */
  readonly older: number;
  /** What could not be used: how much, and the first of it in words. */
  readonly problems: { readonly count: number; readonly first: readonly string[] };
  /** A database that could not be used was moved here. */
  readonly setAside: string | null;
  readonly database: {
    readonly path: string;
    readonly records: number;
    readonly packages: number;
    /** The data tell of the world up to here, RFC 3339; `null` where no record says. */
    readonly currentAt: string | null;
  };
}

/** Result of `pinwatch.server.sentData`: what the open and the found files let leave this machine, and what stays. */
export interface SentData {
  readonly enabled: boolean;
  /** The mistake in the settings because of which nothing is sent; absent where there is none. */
  readonly blocked?: string;
  /** The service that is queried; `null` where none is. */
  readonly destination: string | null;
  /** The package index that is asked about vulnerable packages, by name; `null` where none is. */
  readonly index: string | null;
  /** The index is asked about every exact version, for the rules about licences. */
  readonly indexForLicenses: boolean;
  /** Host and port of the Redis server that answers are kept in too; `null` where there is none. */
  readonly teamCache: string | null;
  /** By name, then version; each once. */
  readonly sent: readonly SentPackage[];
  readonly withheld: readonly WithheldRequirement[];
}

export interface SentPackage {
  readonly name: string;
  /** `null` where the name alone is sent: the requirement allows more than one release. */
  readonly version: string | null;
}

export interface WithheldRequirement extends Place {
  /** As written. */
  readonly name: string;
  /** Why nothing is asked about it: a stable word, then a sentence for people. */
  readonly reason: string;
  readonly message: string;
}

/** Where something is written. */
export interface Place {
  readonly uri: string;
  /** From 0, as LSP counts; columns in UTF-16 units. */
  readonly line: number;
  readonly character: number;
}

/** Client to server, a request: the report on every requirements file of the workspace. */
export const reportMethod = 'pinwatch/report';

export interface ReportParams {
  /** The id of one of `ServerOffers.reportFormats`, or `reportPageFormat`. */
  readonly format: string;
}

/** Markdown for the editor's own preview: its places are links, as paths from the first workspace folder. */
export const reportPageFormat = 'page';

/** In the answer to `initialize`, as `capabilities.experimental.pinwatch`. */
export interface ServerOffers {
  readonly reportFormats: readonly OfferedFormat[];
}

export interface OfferedFormat {
  readonly id: string;
  /** For people: what it is called, and what it is for. */
  readonly name: string;
  readonly description: string;
  /** Endings of file names, without the first dot, that ask for this format; the first one is the usual one. */
  readonly endings: readonly string[];
}

export interface ReportResult {
  readonly text: string;
}

/** Server to client, where `initializationOptions.findings` asked for it: all that is known, whenever it changes. */
export const findingsMethod = 'pinwatch/findings';

export interface FindingsParams {
  /** Whether every requirements file of the workspace was looked for; else only the open ones count. */
  readonly workspace: boolean;
  readonly files: number;
  readonly requirements: number;
  /** Vulnerable or clean. */
  readonly assessed: number;
  /** Neither vulnerable nor clean: nothing was asked. */
  readonly skipped: number;
  /** As in `StatusParams`. */
  readonly unread: number;
  readonly headline: HeadlineKind;
  readonly dataAgeDays?: number;
  readonly isOld: boolean;
  /** Asked about this moment. */
  readonly pending: number;
  /** Findings that the user's ignores keep out of the list. */
  readonly ignored: number;
  readonly vulnerable: readonly VulnerableRequirement[];
  readonly failed: readonly FailedRequirement[];
  /** Requirements with findings that the user's ignores keep out of the list. */
  readonly ignoredAt: readonly IgnoredRequirement[];
}

export interface VulnerableRequirement extends Place {
  /** As written, and as packages are compared (PEP 503). */
  readonly name: string;
  readonly normalizedName: string;
  readonly version: string;
  readonly verdict: 'vulnerable' | 'possiblyVulnerable';
  /** The worst of its advisories. */
  readonly severity: FindingSeverity;
  /** CVSS, of that one; `null` where it has none. */
  readonly score: number | null;
  /** How many of its advisories have each severity. */
  readonly counts: SeverityCounts;
  readonly ids: readonly string[];
  /** The page of the worst one. */
  readonly url: string;
  /** The nearest version without known advisories, and how far it is; absent where none is known. */
  readonly fix?: SafeVersion;
  /** It could not be checked again; this is what was known before. */
  readonly isOld: boolean;
}

export interface SafeVersion {
  readonly version: string;
  /** Absent where the requirement has no version to count from. */
  readonly step?: 'major' | 'minor' | 'patch';
}

export type SeverityCounts = Readonly<Partial<Record<FindingSeverity, number>>>;

export type FindingSeverity = 'none' | 'low' | 'medium' | 'high' | 'critical' | 'unknown' | 'malicious';

export interface FailedRequirement extends Place {
  readonly name: string;
  readonly message: string;
}

export interface IgnoredRequirement extends Place {
  readonly name: string;
  readonly version: string;
  /** The ignored ones alone. */
  readonly ids: readonly string[];
  /** Of the first of them: why, and until when. */
  readonly reason: string;
  readonly until: string | null;
}

/** Client to server, a request: what is known of the requirement at a `Place`, worst first; empty where nothing is. */
export const advisoriesMethod = 'pinwatch/advisories';

export interface AdvisoriesResult {
  readonly advisories: readonly AdvisorySummary[];
}

export interface AdvisorySummary {
  readonly id: string;
  readonly severity: FindingSeverity;
  readonly score: number | null;
  /** One line of plain text; may be empty. */
  readonly summary: string;
  /** https. */
  readonly url: string;
}

/**
 * Server to client: a request to one of our own services, sent through the editor's network, which knows proxies, sign-ins
 * and certificates that a process of its own does not. The client sends it only where its own settings name that service.
 */
export const fetchMethod = 'pinwatch/fetch';

export interface FetchParams {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: string;
  /** `accept`, `content-type` and `user-agent`; others are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the unpacked body. */
  readonly maxBytes: number;
  /** The body of a 200 is no text: hand over its bytes in base64. */
  readonly bodyAs?: 'base64';
}

/** Redirects are answers like any other. */
export type FetchResult =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly retryAfter?: string;
      readonly location?: string;
      /** The body, as `bodyAs` asks. */
      readonly text: string;
    }
  | {
      readonly kind: 'failed';
      /** `refused`: not one of our services, or not a request of the kind we send. */
      readonly reason: 'refused' | 'network' | 'tooLarge';
      /** Of Node or Chromium, where there is one. */
      readonly code?: string;
      readonly message: string;
    };

/** Client to server: how the user reaches the network has changed. */
export const networkMethod = 'pinwatch/network';

/** The editor's `http.*` settings. */
export interface NetworkParams {
  readonly proxyUrl?: string;
  readonly noProxy?: readonly string[];
  /** `false`: certificates are not checked. Only ever the user's own choice. */
  readonly strictSsl?: boolean;
  /** For the proxy, as the header's value. */
  readonly authorization?: string;
}

/** Client to server: whether the user trusts the workspace; only then does what its files say is ignored hold. */
export const trustMethod = 'pinwatch/trust';

export interface TrustParams {
  readonly trusted: boolean;
}

/** What the client hands over in `initializationOptions`. */
export interface InitializationOptions {
  readonly storagePath?: string;
  readonly globalStoragePath?: string;
  readonly settings?: { readonly pinwatch?: unknown };
  /** The client has the commands of `editorCommands`; without it the server offers its own. */
  readonly editorCommands?: boolean;
  /** Whether the client shows a list of findings (`pinwatch/findings`). */
  readonly findings?: boolean;
  /** Whether the workspace is to be searched from the start, as a server before this one had done. */
  readonly searchWorkspace?: boolean;
  readonly network?: NetworkParams;
  /** Whether the user trusts the workspace; absent where the client knows no such thing, which counts as trusted. */
  readonly trusted?: boolean;
  /** Whether the client answers `pinwatch/fetch`. */
  readonly canFetch?: boolean;
  /** The tag of what the user reads ("de"); it wins over `locale` of the protocol. */
  readonly language?: string;
  /** Absent where the client gets all there is. */
  readonly beside?: BesideLimit;
}

/** How much of a requirement's other advisories is shown beside the worst one. */
export interface BesideLimit {
  readonly most: number;
  /** What is said instead of the rest; `{0}` is how many these are. */
  readonly more: string;
}

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
