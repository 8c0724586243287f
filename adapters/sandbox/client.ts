import { RpcError } from '#adapters/rpc/errors.ts';
import type { RunningSandbox } from './server.ts';

/** A sandbox within this process. `ready` says why when it did not start. */
export function inProcessSandbox(own: Promise<RunningSandbox>): {
  url: Promise<string>;
  ready(): Promise<unknown>;
  close(): Promise<void>;
} {
  own.catch(() => undefined);
  return {
    url: own.then(({ url }) => url),
    ready: () => own,
    close: () =>
      own.then(
        (running) => running.close(),
        () => undefined,
      ),
  };
}

/** Calls a sandbox on somebody's behalf; UNAVAILABLE, `PROVIDER_UNREACHABLE` and the like, where it does not answer. */
export async function callSandbox<Result>(
  who: 'provider' | 'bank',
  name: string,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch {
    throw new RpcError('UNAVAILABLE', `${who.toUpperCase()}_UNREACHABLE`, `the ${name} cannot be reached`, {
      retryAfterMs: 1_000,
    });
  }
}
