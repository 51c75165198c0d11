import type { Problem } from './error.js';

/** How a job stands. */
export interface Snapshot {
  job_id: string;
  request_id: string;
  action: string;
  status: JobStatus;
  percentage: number;
  message: string;
  seq: number;
  attempt: number;
  /** Unix seconds. */
  created_at: number;
}

export type JobStatus =
  | 'waiting'
  | 'queued'
  | 'running'
  | 'retrying'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'timed_out';

/** A snapshot with what the job ended with, if it has ended. */
export interface StatusAnswer extends Snapshot {
  result?: unknown;
  result_url?: string;
  error?: Problem;
}

export interface Attached {
  snapshot: Snapshot;
  events: ServerFrame[];
  next?: number;
}

/** Any frame of the server: unknown types and fields are let pass. */
export interface ServerFrame {
  type?: string;
  request_id?: string;
  job_id?: string;
  seq?: number;
  data?: unknown;
  status?: string;
  snapshot?: Snapshot;
  percentage?: number;
  message?: string;
  attempt?: number;
  metadata?: Record<string, string>;
  name?: string;
  after_seq?: number;
  result?: unknown;
  result_url?: string;
  error?: Problem;
  jobs?: Attached[];
  recovered?: boolean;
  session?: string;
  heartbeat_ms?: number;
  max_age_ms?: number;
  max_message_bytes?: number;
  reconnect_in_ms?: number;
}

/** Kinds of a job's frames. */
export type FrameKind = 'progress' | 'event' | 'terminal';

/** How JSON is read and written; another one may keep numbers that a double cannot hold. */
export interface Json {
  parse(text: string): any;
  stringify(value: unknown): string;
}

export const hasEnded = (status: string): boolean =>
  ['succeeded', 'failed', 'cancelled', 'timed_out'].includes(status);

/** A worker that lost its job has a lower epoch than its successor. */
export const epochOf = (seq: number): number => Math.floor(seq / 1e9);
