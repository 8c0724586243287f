import type { Trails } from '#adapters/audit/acting.ts';
import type { Hosted } from '#adapters/host/host.ts';
import type { KeptAnswers } from '#adapters/rpc/idempotency.ts';

/** Each service keeps the answers to its own commands, in its own database. */
export function keptByService(hosted: readonly Hosted[]): KeptAnswers {
  const byMethod = new Map(
    hosted.flatMap((each) =>
      each.rpc.flatMap(({ methods }) => methods.map(({ definition }) => [definition.path, each.keptAnswers] as const)),
    ),
  );
  const of = (method: string): KeptAnswers => byMethod.get(method) ?? unserved(method);
  return {
    find: (call) => of(call.method).find(call),
    keepRefusal: (call, fingerprint, refusal) => of(call.method).keepRefusal(call, fingerprint, refusal),
  };
}

/** Each service has the trail of its own acts; an operation on a service is that service's. */
export function trailsOf(hosted: readonly Hosted[]): Trails {
  const byMethod = new Map(
    hosted.flatMap(({ rpc, operations }) =>
      rpc.flatMap(({ methods }) => methods.map(({ definition }) => [definition.path, operations.trail] as const)),
    ),
  );
  return (path, { service }) =>
    byMethod.get(path) ?? hosted.find(({ operations }) => operations.service === service)?.operations.trail;
}

const unserved = (method: string): never => {
  throw new Error(`${method} is not served here`);
};
