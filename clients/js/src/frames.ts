import type { ClientFrames, ServerFrames, Snapshot } from './contract.js';

export type { Attached, Snapshot, StatusAnswer } from './contract.js';

export type JobStatus = Snapshot['status'];

type Names<F> = F extends unknown ? keyof F : never;
type Value<F, N> = F extends unknown ? (N extends keyof F ? Exclude<F[N], undefined> : never) : never;
type Fields<F> = { [N in Names<F>]?: Value<F, N> };

/** Any frame of the server: unknown types and fields are let pass. */
export type ServerFrame = Omit<Fields<ServerFrames[keyof ServerFrames]>, 'type'> & { type?: string };

export type Hello = Required<ClientFrames['hello']>;

/** Kinds of a job's frames. */
export type FrameKind = NonNullable<ClientFrames['subscribe']['frames']>[number];

/** How JSON is read and written; another one may keep numbers that a double cannot hold. */
export interface Json {
  parse(text: string): any;
  stringify(value: unknown): string;
}

export const hasEnded = (status: string): boolean =>
  ['succeeded', 'failed', 'cancelled', 'timed_out'].includes(status);

/** A worker that lost its job has a lower epoch than its successor. */
export const epochOf = (seq: number): number => Math.floor(seq / 1e9);
