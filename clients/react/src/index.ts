import type { AttachOptions, ConnectionState, Job, RequestOptions, StreamerClient } from '@streamer/client';
import {
  createContext,
  createElement,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { Follow, NOTHING, type Followed } from './follow.js';

export type { Followed } from './follow.js';

const Context = createContext<StreamerClient<any> | undefined>(undefined);

/** Gives the components below it a client, which is made outside of React and closed by who made it. */
export function StreamerProvider(props: { client: StreamerClient<any>; children?: ReactNode }) {
  return createElement(Context.Provider, { value: props.client }, props.children);
}

/** The client of the nearest provider. */
export function useClient(): StreamerClient<any> {
  const client = useContext(Context);
  if (!client) {
    throw new Error('there is no StreamerProvider around this component');
  }
  return client;
}

/** How the connection stands; on a server it is closed. */
export function useConnection(): ConnectionState {
  const client = useClient();
  const subscribe = useCallback((listener: () => void) => client.onState(listener), [client]);
  return useSyncExternalStore(subscribe, () => client.state, () => client.state);
}

export interface UseRequest<P, R> extends Followed<R> {
  /** Sends a request and follows it, instead of one that was sent before; that one goes on unseen. */
  readonly run: (payload?: P, options?: RequestOptions) => Job<R>;
  /** Asks for the job to stop; true if it was cancelled. */
  readonly cancel: () => Promise<boolean>;
  /** Back to `idle`; what runs goes on unseen. */
  readonly reset: () => void;
}

/** Requests of an action, the newest of which is shown. A job goes on when its component has gone. */
export function useRequest<P = unknown, R = any>(action: string): UseRequest<P, R> {
  const client = useClient();
  const [follow] = useState(() => new Follow<R>());
  const shown = useShown(follow);
  const run = useCallback(
    (payload?: P, options?: RequestOptions) =>
      follow.begin((all) => client.request(action, payload, all), options),
    [client, action, follow],
  );
  const reset = useCallback(() => follow.end(), [follow]);
  return { ...shown, run, cancel: useCancel(follow), reset };
}

export interface UseJob<R> extends Followed<R> {
  readonly cancel: () => Promise<boolean>;
}

/**
 * Follows a job, with all its events, while the component is there.
 *
 * @param jobId follows nothing while it is not known
 * @param options read when the job is attached to
 */
export function useJob<R = any>(jobId: string | undefined, options?: AttachOptions): UseJob<R> {
  const client = useClient();
  const [follow] = useState(() => new Follow<R>());
  const shown = useShown(follow);
  useEffect(() => {
    if (jobId === undefined) {
      return undefined;
    }
    const job = follow.begin((all) => client.attach<R>(jobId, { ...options, ...all }), options);
    return () => {
      follow.end();
      job.unsubscribe();
    };
    // other options alone do not attach anew: an object literal is another one in each render
  }, [client, jobId, follow]);
  return { ...shown, cancel: useCancel(follow) };
}

function useShown<R>(follow: Follow<R>): Followed<R> {
  return useSyncExternalStore(follow.subscribe, follow.look, () => NOTHING as Followed<R>);
}

function useCancel<R>(follow: Follow<R>): () => Promise<boolean> {
  return useCallback(async () => (await follow.job?.cancel()) ?? false, [follow]);
}
