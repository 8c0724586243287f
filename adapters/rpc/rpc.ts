import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { HttpBody } from '#proto/google/api/httpbody.ts';
import type { Rate } from './rate.ts';
import type { Sealing } from '#adapters/sealing/sealing.ts';
import type { Details } from '#kernel/decision.ts';
import type { Language } from '#kernel/language.ts';
import { reasonOf, RpcError } from './errors.ts';

/** What a person may be; a token carries any number of them. */
export const roles = ['customer', 'host', 'seller', 'dealer', 'courier', 'agent', 'admin'] as const;

/** A person's role, or `service`: a service of Jari that calls for itself. No person may call what is for services. */
export type Role = (typeof roles)[number] | 'service';

/** The caller, from the verified token. */
export interface Caller {
  /** UUID, the token's `sub`. */
  id: string;
  roles: readonly Role[];
  /** When the token ends (ms since the epoch); streams end with it. */
  expires?: number;
  /** When the token was issued (ms since the epoch). */
  issued?: number;
  /** The session that it belongs to. */
  session?: string;
  /** When the person proved who they are (ms since the epoch). */
  authTime?: number;
  /** Whether the person has proved to have their e-mail address; undefined where the token does not say. */
  emailVerified?: boolean;
  /** The language that the call asked for, of those that Jari speaks. */
  language?: Language;
}

export const has = (caller: Caller, ...roles: Role[]): boolean => roles.some((role) => caller.roles.includes(role));

/** Who acts, and from where. */
export interface Actor {
  id: string;
  address: string;
}

/** Which gRPC status a refusal becomes, and the sentence for people. Its public reason is the refusal's name in UPPER_SNAKE. */
export interface RefusalStatus {
  code: 'NOT_FOUND' | 'FAILED_PRECONDITION' | 'INVALID_ARGUMENT' | 'PERMISSION_DENIED' | 'RESOURCE_EXHAUSTED';
  /** `{most}` stands for the detail of that name. */
  text: string;
  /** The request's field that is to blame, with INVALID_ARGUMENT. */
  field?: string;
}

/** The error that a refusal becomes. With RESOURCE_EXHAUSTED, the detail `seconds` is when to try again. */
export function refused(refusal: string, { code, text, field }: RefusalStatus, details: Details = {}): RpcError {
  const worded = text.replace(/\{(\w+)\}/g, (_, name: string) => details[name] ?? '');
  const { seconds } = details;
  return new RpcError(code, reasonOf(refusal), worded, {
    metadata: details,
    ...(code === 'RESOURCE_EXHAUSTED' && seconds && { retryAfterMs: Number(seconds) * 1_000 }),
    ...(field && { fields: [{ field, description: worded }] }),
  });
}

/** Changes something: runs under an idempotency key when the caller sends one. */
export interface Command<Request, Response> {
  kind: 'command';
  who: readonly Role[];
  run(request: Request, caller: Caller): Promise<Updated<never, string>>;
  answer(after: StoredAggregate<never>): Response;
  refusals: Readonly<Record<string, RefusalStatus>>;
  /** Needs a sign-in of the last five minutes: a session that was left open, or a stolen token, is not enough. */
  stepUp?: true;
  /** Needs a verified e-mail address, where the installation asks for one: otherwise an account costs nothing. */
  verifiedEmail?: true;
  /** How often one caller may call it and the other methods with this very rate; a repetition under an idempotency key does not count. */
  rate?: Rate;
  /** Whoever calls, it is in the audit trail, from when it is counted for its rate: nobody fills the trail. */
  onRecord?: true;
  /** Hides the hash of a request that is kept for a repetition, where a secret in it could be guessed by the hash. */
  hidden?(fingerprint: string): string;
  /** Seals the answer that is kept for a repetition, where it shows personal data. */
  sealing?: Pick<Sealing, 'sealBytes' | 'openBytes'>;
}

/** Reads, or acts on something that is no aggregate of ours. */
export interface Query<Request, Response> {
  kind: 'query';
  who: 'anyone' | readonly Role[];
  run(request: Request, caller: Caller | undefined): Promise<Response>;
  /** Counts a call that is for a person before anything of it is on record, and throws when it is one too many: nobody fills the trail. */
  count?(request: Request): Promise<void>;
  /**
   * The person whom a service calls for, and from where: the call is on record as that person's act; undefined: nobody's, and it is not.
   * Only who has proved something is somebody: what anybody can make up fills no trail.
   */
  onBehalfOf?(request: Request): Actor | undefined | Promise<Actor | undefined>;
}

/** Answers many times, until the caller leaves (`signal`) or the generator ends. */
export interface Stream<Request, Response> {
  kind: 'stream';
  who: 'anyone' | readonly Role[];
  run(request: Request, caller: Caller | undefined, signal: AbortSignal): AsyncIterable<Response>;
  /** What the file is called, where the responses are pieces of one. */
  fileName?(caller: Caller): string;
}

export const command = <Request, State, Refusal extends string, Response>(
  who: readonly Role[],
  method: {
    run(request: Request, caller: Caller): Promise<Updated<State, Refusal>>;
    answer(after: StoredAggregate<State>): Response;
    /** Every refusal has a row, or this does not compile. */
    refusals: Readonly<Record<Refusal, RefusalStatus>>;
    stepUp?: true;
    verifiedEmail?: true;
    rate?: Rate;
    onRecord?: true;
    hidden?(fingerprint: string): string;
    sealing?: Pick<Sealing, 'sealBytes' | 'openBytes'>;
  },
): Command<Request, Response> => ({
  kind: 'command',
  who,
  ...(method as unknown as Omit<Command<Request, Response>, 'kind' | 'who'>),
});

export const query = <Request, Response>(
  who: readonly Role[],
  run: (request: Request, caller: Caller) => Promise<Response>,
  more: Pick<Query<Request, Response>, 'count' | 'onBehalfOf'> = {},
): Query<Request, Response> => ({ kind: 'query', who, run: run as Query<Request, Response>['run'], ...more });

/** A query that needs no token; a token that is sent identifies the caller. */
export const openQuery = <Request, Response>(
  run: (request: Request, caller: Caller | undefined) => Promise<Response>,
): Query<Request, Response> => ({
  kind: 'query',
  who: 'anyone',
  run,
});

export const stream = <Request, Response>(
  who: readonly Role[],
  run: (request: Request, caller: Caller, signal: AbortSignal) => AsyncIterable<Response>,
): Stream<Request, Response> => ({ kind: 'stream', who, run: run as Stream<Request, Response>['run'] });

/** A file, sent piece by piece. */
export const file = <Request>(
  who: readonly Role[],
  {
    fileName,
    run,
  }: { fileName(caller: Caller): string; run(request: Request, caller: Caller): AsyncIterable<HttpBody> },
): Stream<Request, HttpBody> => ({ kind: 'stream', who, fileName, run: run as Stream<Request, HttpBody>['run'] });

/** A stream that needs no token. */
export const openStream = <Request, Response>(
  run: (request: Request, signal: AbortSignal) => AsyncIterable<Response>,
): Stream<Request, Response> => ({
  kind: 'stream',
  who: 'anyone',
  run: (request, _, signal) => run(request, signal),
});

/** One method of a generated service definition (ts-proto, `outputServices=grpc-js`). */
export interface MethodDefinition {
  path: string;
  requestStream: boolean;
  responseStream: boolean;
  requestDeserialize(bytes: Buffer): unknown;
  responseSerialize(response: never): Buffer;
}

type Implementation<Method> = Method extends {
  requestDeserialize: (bytes: Buffer) => infer Request;
  responseStream: infer Streams;
  responseSerialize: (response: infer Response) => Buffer;
}
  ? Streams extends true
    ? Stream<Request, Response>
    : Command<Request, Response> | Query<Request, Response>
  : never;

/** The methods of a service, each with its roles. A missing method does not compile; an unknown one is refused. */
export interface RpcService {
  methods: readonly {
    name: string;
    definition: MethodDefinition;
    implementation: Command<never, unknown> | Query<never, unknown> | Stream<never, unknown>;
  }[];
}

export function rpcService<Definition extends Record<string, MethodDefinition>>(
  definition: Definition,
  implementations: { [Name in keyof Definition]: Implementation<Definition[Name]> },
): RpcService {
  return {
    methods: Object.entries(definition).map(([name, method]) => ({
      name,
      definition: method,
      implementation: implementations[
        name as keyof Definition
      ] as unknown as RpcService['methods'][number]['implementation'],
    })),
  };
}
