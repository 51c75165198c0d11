// Made from protocol/schema by `npm run contract`. Do not edit it.

export type ErrorCode = 'VALIDATION_ERROR' | 'INVALID_ACTION' | 'UNAUTHORIZED' | 'FORBIDDEN' | 'NOT_FOUND' | 'DUPLICATE_REQUEST' | 'RATE_LIMITED' | 'QUOTA_EXCEEDED' | 'PAYLOAD_TOO_LARGE' | 'TIMEOUT' | 'CANCELLED' | 'PROCESSING_FAILED' | 'SERVICE_UNAVAILABLE' | 'INTERNAL_ERROR';

/** A field that breaks a rule: a JSON pointer from the frame's root, "" for the frame itself. */
export type BrokenField = {
  pointer: string;
  message: string;
};

export type WireProblem = {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  retry_after_ms?: number;
  details?: {
    fields?: BrokenField[];
    reason?: string;
    may_have_started?: true;
    [name: string]: unknown;
  };
};

/** What welcome and a duplicate's acknowledgment tell of a job. */
export type Snapshot = {
  job_id: string;
  request_id: string;
  action: string;
  status: 'waiting' | 'queued' | 'running' | 'retrying' | 'succeeded' | 'failed' | 'cancelled' | 'timed_out';
  percentage: number;
  message: string;
  /** Of the newest frame; 0 if the job has not started. */
  seq: number;
  /** Of the run that is under way or comes next, or of the last one; the first is 1. */
  attempt: number;
  created_at: number;
};

/** A job as it stands, and the events that were missed, oldest first; next, if there are more: they come after that seq. */
export type Attached = {
  snapshot: Snapshot;
  events: (ServerFrames['event'] | ServerFrames['rewind'])[];
  /** There are more events: subscribe with this as after_seq. */
  next?: number;
};

/** The data of the answer to a status frame: the outcome only here. */
export type StatusAnswer = {
  job_id: string;
  request_id: string;
  action: string;
  status: 'waiting' | 'queued' | 'running' | 'retrying' | 'succeeded' | 'failed' | 'cancelled' | 'timed_out';
  percentage: number;
  message: string;
  /** Of the newest frame; 0 if the job has not started. */
  seq: number;
  /** Of the run that is under way or comes next, or of the last one; the first is 1. */
  attempt: number;
  created_at: number;
  result?: Record<string, unknown>;
  result_url?: string;
  error?: WireProblem;
};

/** What a client sends, by its type. */
export interface ClientFrames {
  /** Asks for an action. type may be absent. */
  request: {
    type?: 'request';
    id?: string;
    /** Another name for id; if both are there they are the same. */
    request_id?: string;
    action: string;
    payload?: unknown;
    metadata?: {
      [name: string]: string;
    };
    /** W3C trace context. */
    traceparent?: string;
    options?: {
      /** Not served yet: 0 alone is taken. */
      priority?: 0;
      /** From acceptance to the earliest start. */
      delay_ms?: number;
      /** From acceptance to the job's end, wherever it stands then; more than delay_ms. */
      deadline_ms?: number;
      on_disconnect?: 'keep' | 'cancel';
    };
  };
  /** Asks how a job stands: by job_id or request_id; with id alone it means the job of that request. */
  status: {
    type: 'status';
    id?: string;
    job_id?: string;
    request_id?: string;
  };
  /** Asks for a job to stop: by job_id or request_id; with id alone it means the job of that request. */
  cancel: {
    type: 'cancel';
    id?: string;
    job_id?: string;
    request_id?: string;
  };
  /** Asks for a job's frames: by job_id or request_id; with id alone it means the job of that request. */
  subscribe: {
    type: 'subscribe';
    id?: string;
    job_id?: string;
    request_id?: string;
    /** Which kinds; all unless said. event brings rewind, too. */
    frames?: ('progress' | 'event' | 'terminal')[];
    /** Events up to this seq are not sent again; 0 unless said. */
    after_seq?: number;
  };
  /** Asks for no more of a job's frames: by job_id or request_id; with id alone it means the job of that request. */
  unsubscribe: {
    type: 'unsubscribe';
    id?: string;
    job_id?: string;
    request_id?: string;
  };
  /** Starts or resumes a session. */
  hello: {
    type: 'hello';
    id?: string;
    /** By job_id, the highest seq the client has applied; 0 for none. */
    last_seq?: {
      [name: string]: number;
    };
  };
  /** Asks for a pong. */
  ping: {
    type: 'ping';
    id?: string;
  };
  /** Taken and ignored: older clients send it. */
  pong: {
    type: 'pong';
    id?: string;
  };
}

/** What the server sends, by its type. */
export interface ServerFrames {
  /** The answer to a request, a status, a cancel, a subscribe or an unsubscribe. A frame that fails is answered by error. */
  response: {
    type: 'response';
    timestamp: number;
    request_id?: string;
    success: true;
    data: unknown;
  };
  /** The job is stored. With duplicate it was stored before, and the snapshot tells how it stands. */
  acknowledgment: {
    type: 'acknowledgment';
    timestamp: number;
    request_id: string;
    job_id: string;
    status: 'queued' | 'scheduled' | 'running' | 'duplicate';
    message: string;
    snapshot?: Snapshot;
  };
  /** How far a job has come. */
  progress: {
    type: 'progress';
    timestamp: number;
    request_id: string;
    job_id: string;
    seq: number;
    percentage: number;
    message: string;
    attempt: number;
    metadata?: {
      [name: string]: string;
    };
  };
  /** A piece of a job's output: stored before it is sent, in order, sent again after a reconnect. */
  event: {
    type: 'event';
    timestamp: number;
    request_id: string;
    job_id: string;
    seq: number;
    name: string;
    data: unknown;
  };
  /** A run that starts again voids the events after its last checkpoint: drop those with a greater seq than after_seq. */
  rewind: {
    type: 'rewind';
    timestamp: number;
    request_id: string;
    job_id: string;
    seq: number;
    after_seq: number;
  };
  /** The job succeeded: its last frame. */
  complete: {
    type: 'complete';
    timestamp: number;
    request_id: string;
    job_id: string;
    seq: number;
    success: true;
    result?: Record<string, unknown>;
    result_url?: string;
    metadata?: {
      [name: string]: string;
    };
  };
  /** A frame failed or, with job_id and seq, a job did: then it is the job's last frame. */
  error: {
    type: 'error';
    timestamp: number;
    request_id?: string;
    job_id?: string;
    seq?: number;
    error: WireProblem;
  };
  /** The answer to hello. */
  welcome: {
    type: 'welcome';
    timestamp: number;
    request_id?: string;
    session: string;
    recovered: boolean;
    jobs: Attached[];
    heartbeat_ms: number;
    /** Before this age of the connection a client makes its next one. */
    max_age_ms: number;
    max_message_bytes: number;
    /** The largest WebSocket frame that this door takes: a larger message comes in several. Absent where one frame may hold the largest message. */
    max_frame_bytes?: number;
    server: string;
  };
  /** The answer to ping. */
  pong: {
    type: 'pong';
    timestamp: number;
    request_id?: string;
  };
  /** Open a new socket, then drop this one. */
  goaway: {
    type: 'goaway';
    timestamp: number;
    request_id?: string;
    reason: string;
    reconnect_in_ms: number;
  };
}
