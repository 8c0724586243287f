import { fromBinary, getOption, hasOption, toJson, type DescMethod, type Message } from '@bufbuild/protobuf';
import { newId } from '#kernel/ids.ts';
import { methodDescriptor, registry } from '#adapters/rpc/descriptors.ts';
import { asRpcError } from '#adapters/rpc/errors.ts';
import { has, type Actor, type Caller, type Role } from '#adapters/rpc/rpc.ts';
import type { Change, Scope } from '#adapters/scope/scope.ts';
import { masked } from './masked.ts';
import type { Trail } from './trail.ts';

/** Roles whose calls are recorded. */
const recorded: readonly Role[] = ['admin', 'agent'];

/** The trail of the service that a call is for, by the method's path and the request's fields. */
export type Trails = (path: string, request: Readonly<Record<string, unknown>>) => Trail | undefined;

/** A call that may be on record. */
export interface Acting {
  caller: Caller | undefined;
  /** Whose act it is on record as, whatever the caller's roles: of whom a service calls for. */
  onBehalfOf?: Actor | undefined;
  /** The request, encoded; not checked yet. */
  bytes: Uint8Array;
  address: string;
  scope: Scope;
}

type Recorded = <Result>(acting: Acting, run: (scope: Scope) => Promise<Result>) => Promise<Result>;

/**
 * Runs a call of a method; when it changes something and comes from one of `recorded`, the trail has it: before it is done, or it is not
 * done, and once more with what came of it. A call that is refused at the door is on record too, so `run` includes the checks.
 */
export function recording(path: string, trails: Trails | undefined): Recorded {
  const method = methodDescriptor(path);
  if (!trails || !changes(method)) return ({ scope }, run) => run(scope);
  return async ({ caller, onBehalfOf, bytes, address, scope }, run) => {
    if (!caller || !(onBehalfOf || has(caller, ...recorded))) return run(scope);
    const actor = onBehalfOf ?? { id: caller.id, address };
    const request = requestIn(method, bytes);
    const trail = trails(path, request);
    if (!trail) return run(scope);
    const id = newId();
    const changed = new Map<string, Change>();
    const end = (outcome: string, reason = ''): Promise<void> =>
      trail.end(id, {
        outcome,
        reason,
        changes: [...changed.values()].map((each) => ({
          ...each,
          before: masked(each.before),
          after: masked(each.after),
        })),
      });
    await trail.begin({
      id,
      at: Date.now(),
      caller: actor.id,
      roles: caller.roles,
      method: path,
      request: masked(request),
      address: actor.address,
      correlationId: scope.correlationId,
    });
    try {
      const response = await run({ ...scope, changed });
      await end('OK').catch(() => undefined); // it is done: the entry stays without an ending
      return response;
    } catch (error) {
      const { code, reason } = asRpcError(error);
      await end(code, reason).catch(() => undefined);
      throw error;
    }
  };
}

/** The request's fields as they were sent; none where they cannot be read, which is refused. */
function requestIn({ input }: DescMethod, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return toJson(input, fromBinary(input, bytes), { registry, alwaysEmitImplicit: false }) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Whether a method changes anything: its REST way is no GET. A quote is asked for with POST, and stores nothing. */
export function changes(method: DescMethod): boolean {
  const http = registry.getExtension('google.api.http');
  if (/^(Quote|Preview)/.test(method.name)) return false;
  if (!http?.message || !hasOption(method, http)) return true;
  return (toJson(http.message, getOption(method, http) as Message) as { get?: string }).get === undefined;
}
