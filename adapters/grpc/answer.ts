import type { Metadata } from '@grpc/grpc-js';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { currentScope, inScope, type Once, type Scope } from '#adapters/scope/scope.ts';
import { recording, type Trails } from '#adapters/audit/acting.ts';
import { withRolesOfToday, type StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import type { Verifier } from '#adapters/auth/verifier.ts';
import { methodDescriptor } from '#adapters/rpc/descriptors.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Idempotently } from '#adapters/rpc/idempotency.ts';
import {
  authenticated,
  authorise,
  callDeadline,
  idempotencyKey,
  languageIn,
  requireRecentSignIn,
  requireVerifiedEmail,
} from './inbound.ts';
import type { Limits } from './limits.ts';
import { newKeys, type RateLimiter, type rateLimiters } from '#adapters/rpc/rate.ts';
import { validated, type ValidRequest } from './requests.ts';
import { endInTime, endWithRole, type OpenStreams } from './open-streams.ts';
import type { CallRates } from './rates.ts';
import { refused, type Caller, type Command, type Query, type RpcService, type Stream } from '#adapters/rpc/rpc.ts';

type Served = RpcService['methods'][number];

/** A call in the bytes it came in. */
export interface Incoming {
  metadata: Metadata;
  bytes: Buffer;
  scope: Scope;
  address: string;
  /** Came by a gateway, which has counted it. */
  counted: boolean;
  /** Sends a header of the answer, before its first message; for streams. */
  tell?(name: string, value: string): void;
  /** Called with the caller as soon as it is known. */
  isFrom(caller: Caller): void;
}

export interface Rules {
  verifier: Verifier;
  /** Asked about callers with staff roles; without it their tokens are believed. */
  staffRolesOf?: StaffRolesOf | undefined;
  /** The limiter of a method's rate; methods with the same rate object share it. */
  limiterOf: ReturnType<typeof rateLimiters>;
  /** Counts calls that no gateway has counted. */
  rates?: CallRates | undefined;
  streams: OpenStreams;
  idempotently: Idempotently;
  limits: Pick<Limits, 'requestBytes' | 'streamSeconds' | 'askRolesMs'>;
  /** Whether orders are for people alone whose e-mail address is verified. */
  verifiedEmail?: boolean | undefined;
  /** Audit trails for calls of administrators and agents. */
  trails?: Trails | undefined;
}

interface Admitted extends ValidRequest {
  request: never;
  caller: Caller;
}

/** Bytes in, bytes out: everything between the wire and the use case that answers a call once. */
export function unaryAnswer(
  { definition, implementation }: Served,
  rules: Rules,
): (incoming: Incoming) => Promise<Uint8Array> {
  const known = arrival(rules);
  const admit = admission(definition, implementation.who, rules);
  const encode = definition.responseSerialize as (response: unknown) => Buffer;
  if (implementation.kind === 'stream') throw new Error(`${definition.path} answers many times`);
  if (implementation.kind === 'query') {
    const recorded = recording(definition.path, rules.trails);
    const { onBehalfOf } = implementation;
    return async (incoming) => {
      const caller = await known(incoming);
      const { bytes, address, scope } = incoming;
      const isForPerson = onBehalfOf && caller?.roles.includes('service');
      const before = isForPerson ? admit(caller, bytes) : undefined; // whom it is for stands in the request
      if (before) await implementation.count?.(before.request);
      const actor = before && (await onBehalfOf?.(before.request));
      return recorded({ caller, bytes, address, scope, onBehalfOf: actor }, (marked) =>
        inScope(marked, async () => {
          const admitted = before ?? admit(caller, bytes);
          return encode(await implementation.run(admitted.request, admitted.caller));
        }),
      );
    };
  }

  const command = implementation;
  const { sealing, rate, onRecord } = command;
  const recorded = recording(definition.path, onRecord ? undefined : rules.trails);
  const recordedOwn = recording(definition.path, onRecord && rules.trails);
  const limiter = rate && rules.limiterOf(rate);
  const keysLimiter = rules.limiterOf(newKeys);
  const effectOnRecord = (admitted: Admitted): Promise<StoredAggregate<never>> => {
    const { caller, bytes } = admitted;
    const scope = currentScope()!;
    const address = scope.clientAddress ?? '';
    return recordedOwn({ caller, bytes, address, scope, onBehalfOf: { id: caller.id, address } }, (marked) =>
      inScope(marked, () => effect(command, admitted)),
    );
  };
  const run = async (admitted: Admitted): Promise<StoredAggregate<never>> => {
    if (limiter) ask(limiter, admitted.caller, 'too many calls like this one; try again later');
    try {
      return await (onRecord ? effectOnRecord(admitted) : effect(command, admitted));
    } catch (error) {
      limiter?.failed(admitted.caller);
      throw error;
    }
  };
  const toKeep = (after: StoredAggregate<never>): Uint8Array => {
    const response = encode(command.answer(after));
    return sealing ? sealing.sealBytes(response) : response;
  };
  return async (incoming) => {
    const caller = await known(incoming);
    const { metadata, bytes, address, scope } = incoming;
    return recorded({ caller, bytes, address, scope }, async (marked) => {
      const admitted = admit(caller, bytes);
      if (command.stepUp) requireRecentSignIn(admitted.caller);
      if (command.verifiedEmail && rules.verifiedEmail) requireVerifiedEmail(admitted.caller);
      return answered(admitted, idempotencyKey(metadata), marked);
    });
  };

  async function answered(admitted: Admitted, key: string | undefined, scope: Scope): Promise<Uint8Array> {
    if (key === undefined) return inScope(scope, async () => encode(command.answer(await run(admitted))));
    const call = { caller: admitted.caller.id, method: definition.path, key };
    const fingerprint = command.hidden?.(admitted.fingerprint()) ?? admitted.fingerprint();
    const once: Once = { by: 'key', ...call, fingerprint, answer: toKeep };
    const response = await rules.idempotently(call, fingerprint, callDeadline(scope), () =>
      inScope({ ...scope, once }, async () => {
        ask(keysLimiter, admitted.caller, 'too many calls with a new idempotency key; try again later');
        return toKeep(await run(admitted));
      }),
    );
    return sealing ? sealing.openBytes(response) : response;
  }
}

/** Throws RATE_LIMITED when the caller has called too often. */
function ask(limiter: RateLimiter, caller: Caller, why: string): void {
  const retryAfterMs = limiter.ask(caller);
  if (retryAfterMs) throw new RpcError('RESOURCE_EXHAUSTED', 'RATE_LIMITED', why, { retryAfterMs });
}

/** The same for a call that is answered many times. */
export function streamAnswer(
  { definition, implementation }: Served,
  rules: Rules,
): (incoming: Incoming, ending: AbortController) => AsyncIterable<Buffer> {
  const known = arrival(rules);
  const admit = admission(definition, implementation.who, rules);
  const encode = definition.responseSerialize as (response: unknown) => Buffer;
  if (implementation.kind !== 'stream') throw new Error(`${definition.path} answers once`);
  return async function* (incoming, ending) {
    const { request, caller } = admit(await known(incoming), incoming.bytes);
    const done = opened(rules, incoming, caller, ending);
    try {
      const { fileName } = implementation as Stream<never, unknown>;
      if (fileName && caller) incoming.tell?.('content-disposition', `attachment; filename="${fileName(caller)}"`);
      for await (const response of (implementation as Stream<never, unknown>).run(request, caller, ending.signal))
        yield encode(response);
    } finally {
      done();
    }
  };
}

/** The same for a caller who asks on; anyone may. */
export function dialogueAnswer<Ask>(
  rules: Rules,
  answers: (asks: AsyncIterable<Ask>) => AsyncIterable<Buffer>,
): (asks: AsyncIterable<Ask>, opening: Omit<Incoming, 'bytes'>, ending: AbortController) => AsyncIterable<Buffer> {
  const known = arrival(rules);
  return async function* (asks, opening, ending) {
    const done = opened(rules, opening, await known(opening), ending);
    try {
      yield* answers(asks);
    } finally {
      done();
    }
  };
}

/** Counts a stream among the open ones, and ends it in time. Returns what is called when it has ended. */
function opened(
  { streams, limits, staffRolesOf }: Rules,
  { address }: Pick<Incoming, 'address'>,
  caller: Caller | undefined,
  ending: AbortController,
): () => void {
  const closed = streams.opens(address, caller);
  const stopClock = endInTime(ending, caller, limits.streamSeconds);
  const stopAsking = endWithRole(ending, caller, { staffRolesOf, everyMs: limits.askRolesMs });
  return () => (stopAsking(), stopClock(), closed());
}

/** Checks the token, and counts the call. */
const arrival =
  (rules: Rules) =>
  async ({ metadata, address, counted, isFrom }: Omit<Incoming, 'bytes'>): Promise<Caller | undefined> => {
    const rates = counted ? undefined : rules.rates;
    const caller = await authenticated(metadata, rules.verifier, () => rates?.ofAddress(address));
    if (caller) isFrom(caller);
    if (!caller?.roles.includes('service')) rates?.ofAddress(address);
    if (caller) rates?.ofCaller(caller);
    const today = caller && rules.staffRolesOf ? await withRolesOfToday(caller, rules.staffRolesOf) : caller;
    return today && { ...today, ...languageIn(metadata) };
  };

/** Checks role and request in this order, so that strangers learn nothing about the rules for requests. */
function admission(
  definition: Served['definition'],
  who: Query<never, unknown>['who'],
  rules: Rules,
): (caller: Caller | undefined, bytes: Buffer) => Admitted {
  const type = methodDescriptor(definition.path).input;
  return (caller, bytes) => {
    authorise(who, caller);
    if (bytes.length > rules.limits.requestBytes)
      throw new RpcError(
        'RESOURCE_EXHAUSTED',
        'REQUEST_TOO_LARGE',
        `the request has ${bytes.length} bytes; at most ${rules.limits.requestBytes} are allowed`,
      );
    const valid = validated(type, bytes);
    return { ...valid, request: definition.requestDeserialize(valid.bytes) as never, caller: caller as Caller };
  };
}

/** The aggregate after the command; its refusal as the error that the command's table says. */
async function effect(
  command: Command<never, unknown>,
  { request, caller }: Admitted,
): Promise<StoredAggregate<never>> {
  const updated = await command.run(request, caller);
  if (updated.accepted) return updated.after;
  throw refused(updated.refusal, command.refusals[updated.refusal]!, updated.details);
}
