import type { PackageName } from '../core/packages/packageName.ts';
import type { FailureReason } from '../core/assessment/outcome.ts';
import type { Question } from './question.ts';

/** Where advisories come from. Implementations throw `LookupError` and nothing else, but for the signal's own reason. */
export interface AdvisorySource {
  /**
   * Which records affect each release: one answer a question, in order. A question whose answer could not be completed
   * carries its error; an empty `matches` is only ever a complete, decoded answer.
   */
  query(questions: readonly Question[], signal: AbortSignal): Promise<readonly Answer[]>;
  /** Every live record of a package as the service gives it, undecoded, all pages together. */
  package(name: PackageName, signal: AbortSignal): Promise<readonly unknown[]>;
  /** The record as the service gives it, undecoded. */
  record(id: string, signal: AbortSignal): Promise<unknown>;
  /** Counters since the start; a live view. */
  readonly counters: SourceCounters;
  close(): Promise<void>;
}

export type Answer =
  | { readonly kind: 'matches'; readonly matches: readonly Match[] }
  /** `named`: what was named of it before, where something was. */
  | { readonly kind: 'failed'; readonly error: LookupError; readonly named?: readonly Match[] };

export interface Match {
  readonly id: string;
  /** Opaque; differs from the record's own stamp in precision. Only ever compared for equality. */
  readonly modified: string;
}

/** Whether the service answers, as last seen. */
export interface SourceHealth {
  /** Milliseconds since the epoch; `undefined` if it never has answered. */
  readonly lastAnswerAt: number | undefined;
  /** For people; `undefined` while the last request went well. */
  readonly lastError: string | undefined;
}

export interface SourceCounters {
  readonly querybatch: number;
  readonly query: number;
  readonly vulns: number;
  readonly retries: number;
  readonly failures: number;
  readonly inFlight: number;
  /** Requests that wait for their turn: only so many are in progress at a time. */
  readonly queued?: number;
}

export type LookupFailure = Exclude<FailureReason, 'invalid' | 'settings' | 'cancelled' | 'internal'>;

/** The world failed. `reason` is what callers decide by; the message is for people. */
export class LookupError extends Error {
  readonly reason: LookupFailure;
  constructor(reason: LookupFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LookupError';
    this.reason = reason;
  }
}

export interface Clock {
  /** Milliseconds since the epoch. May jump either way: somebody sets it, or the machine sleeps. */
  now(): number;
  /** Milliseconds since some moment; never jumps, and may stand still while the machine sleeps. */
  elapsedMs?(): number;
}

/** `facts` are for those who read the log by program. */
export interface Log {
  error(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  debug(message: string, facts?: LogFacts): void;
}

/**
 * `event`: what happened, in a word that stays the same from version to version. The rest are counts, milliseconds, words of
 * ours, and names that the message has too: no text of a document, and nothing secret.
 */
export type LogFacts = Readonly<Record<string, unknown>> & { readonly event: string };

/** Whose work is in progress: what is done within `run`, and what that starts, belongs to the scan with this id. */
export interface ScanScope {
  readonly scanId: string | undefined;
  run<T>(scanId: string, work: () => T): T;
}

/** For those who have nobody to write for. */
export const silentLog: Log = Object.freeze({ error() {}, warn() {}, info() {}, debug() {} });

/** A small text that outlives the process. */
export interface KeptText {
  /** `undefined` where there is none. */
  read(): Promise<string | undefined>;
  /** In place of what was there, whole or not at all; rejects with the reason. */
  write(text: string): Promise<void>;
}

/** Pages for those who watch this process, by path. */
export type MonitoringPages = Readonly<Record<string, () => Promise<MonitoringPage>>>;

export interface MonitoringPage {
  /** Of HTTP. */
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface ServedPages {
  readonly port: number;
  close(): Promise<void>;
}
