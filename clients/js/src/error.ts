/** What a frame says of a failure. */
export interface Problem {
  code: string;
  message: string;
  retryable?: boolean;
  retry_after_ms?: number;
  details?: Record<string, unknown>;
}

/** Codes of this library's own; all others come from the server. */
export type LocalCode =
  | 'ABORTED'
  | 'CLIENT_CLOSED'
  | 'CONNECTION_LOST'
  | 'EVENTS_LOST'
  | 'NOT_CONNECTED'
  | 'RESULT_TOO_LARGE'
  | 'RESULT_UNAVAILABLE'
  | 'TOO_MANY_WAITING';

/** The one type of error that this library rejects with. */
export class StreamerError extends Error {
  override readonly name = 'StreamerError';
  /** The server's error code, or one of {@link LocalCode}. */
  readonly code: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Milliseconds after which it may, where the server says so. */
  readonly retryAfter: number | undefined;
  readonly details: Record<string, unknown>;
  readonly requestId: string | undefined;
  readonly jobId: string | undefined;
  /** Finds the line in the server's log. */
  readonly errorId: string | undefined;
  /** The work may have been done, or be under way: only the same id makes sure that it is done once. */
  readonly mayHaveStarted: boolean;

  constructor(problem: Problem, of: { requestId?: string; jobId?: string; cause?: unknown } = {}) {
    super(problem.message, of.cause === undefined ? undefined : { cause: of.cause });
    const details = problem.details ?? {};
    this.code = problem.code;
    this.retryable = problem.retryable ?? false;
    this.retryAfter = problem.retry_after_ms;
    this.details = details;
    this.requestId = of.requestId;
    this.jobId = of.jobId;
    this.errorId = typeof details.error_id === 'string' ? details.error_id : undefined;
    this.mayHaveStarted = details.may_have_started === true;
  }
}

export function failure(
  code: LocalCode | 'CANCELLED' | 'PAYLOAD_TOO_LARGE',
  message: string,
  more: Partial<Problem> = {},
): Problem {
  return { code, message, ...more };
}
