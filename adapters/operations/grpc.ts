import { readFileSync } from 'node:fs';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import type { Entry } from '#adapters/audit/trail.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { notFound, RpcError } from '#adapters/rpc/errors.ts';
import { paged, type Page } from '#adapters/rpc/page.ts';
import { query, rpcService, type RpcService } from '#adapters/rpc/rpc.ts';
import type { Retelling } from '#adapters/mikro-orm/retell.ts';
import { isTemporary } from '#adapters/mikro-orm/retry-store.ts';
import type { BreakerState } from '#adapters/resilience/policy.ts';
import * as proto from '#proto/jari/ops/v1/ops.ts';
import type { DeadLetter, Inspected } from './dead-letters.ts';
import type { Operations } from './operations.ts';
import type { Rebuild } from './rebuild.ts';

/** As much of an error as a status should carry; the letter has all of it. */
const toldCharacters = 500;

/** What a page token of dead letters begins with: their ids may be anything. */
const letterToken = 'letter/';

/** Dead letters that are redriven together by default. */
const redrivenAtOnce = 50;

/** Operations of the services that this process hosts; each answers under its own name. */
export function opsRpc(hosted: readonly Operations[]): RpcService {
  const of = (name: string): Operations => {
    const found = hosted.find(({ service }) => service === name);
    if (!found)
      throw new RpcError(
        'NOT_FOUND',
        'NOT_FOUND',
        `this process does not run ${name}; it runs ${hosted.map(({ service }) => service).join(', ')}`,
      );
    return found;
  };

  return rpcService(proto.OpsServiceService, {
    getStatus: query(['admin'], ({ service }: proto.GetStatusRequest) => status(of(service))),

    listDeadLetters: query(['admin'], async ({ service, ...request }: proto.ListDeadLettersRequest) => {
      const lettersOf = async ({ size, after }: Page) => {
        const found = await of(service).deadLetters.list({
          size,
          ...(after && { after: after.slice(letterToken.length) }),
        });
        return found.map((letter) => ({ id: letterToken + letter.envelope.id, letter }));
      };
      const isToken = (id: string): boolean => id.startsWith(letterToken);
      const { items, nextPageToken } = await paged(request, lettersOf, ({ letter }) => outside(letter), isToken);
      return { deadLetters: items, nextPageToken };
    }),

    getDeadLetter: query(['admin'], async ({ service, messageId }: proto.GetDeadLetterRequest) =>
      there(await of(service).deadLetters.get(messageId)),
    ),

    rebuildProjection: query(['admin'], async ({ service }: proto.RebuildProjectionRequest) => {
      const { rebuilder } = of(service);
      if (!rebuilder)
        throw new RpcError('FAILED_PRECONDITION', 'NO_PROJECTION', `${service} has no read models to rebuild`);
      const begun = await rebuilder.begin();
      if (!begun)
        throw new RpcError(
          'FAILED_PRECONDITION',
          'REBUILD_RUNNING',
          'a rebuild is in progress; wait until it has ended',
        );
      return toRebuild(begun);
    }),

    getRebuild: query(['admin'], async ({ service }: proto.GetRebuildRequest) => {
      const last = await of(service).rebuilder?.last();
      if (!last) throw new RpcError('NOT_FOUND', 'NOT_FOUND', 'nothing has been rebuilt yet');
      return toRebuild(last);
    }),

    listAudit: query(['admin'], async ({ service, ...request }: proto.ListAuditRequest) => {
      const { items, nextPageToken } = await paged(request, (page) => of(service).trail.list(page), toEntry);
      return { entries: items, nextPageToken };
    }),

    verifyAudit: query(['admin'], async ({ service }: proto.VerifyAuditRequest) => {
      const { rows, broken } = await of(service).trail.verify();
      return { holds: broken === undefined, rows, brokenNumber: broken ?? 0n };
    }),

    redriveDeadLetter: query(['admin'], async ({ service, messageId }: proto.RedriveDeadLetterRequest) => {
      const { deadLetters } = of(service);
      return there(await deadLetters.redrive(messageId).catch(stillFails));
    }),

    redriveDeadLetters: query(['admin'], async ({ service, type, error, limit }: proto.RedriveDeadLettersRequest) => {
      const outcomes = await of(service).deadLetters.redriveMany({ type, error, limit: limit || redrivenAtOnce });
      return { outcomes: outcomes.map(({ messageId, error = '' }) => ({ messageId, error })) };
    }),

    discardDeadLetter: query(['admin'], async ({ service, messageId }: proto.DiscardDeadLetterRequest) => {
      if (!(await of(service).deadLetters.discard(messageId))) throw notFound('dead letter');
      return {};
    }),

    tellAgain: query(['admin'], async ({ service, since }: proto.TellAgainRequest) =>
      toRetelling(await of(service).reteller.begin(since?.getTime() ?? 0)),
    ),

    getTellAgain: query(['admin'], async ({ service }: proto.GetTellAgainRequest) => {
      const last = await of(service).reteller.last();
      if (!last) throw new RpcError('NOT_FOUND', 'NOT_FOUND', 'nothing has been sent again yet');
      return toRetelling(last);
    }),
  });
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

async function status(operations: Operations): Promise<proto.Status> {
  const [figures, untaken, waitsFor] = await Promise.all([
    operations.figures(),
    operations.untaken(),
    operations.waitsFor(),
  ]);
  return {
    service: operations.service,
    version,
    startTime: new Date(operations.since),
    outbox: {
      waiting: BigInt(figures.waiting),
      lag: figures.waiting ? duration(figures.lagSeconds) : undefined,
      untaken: untaken.map((each) => ({ ...each, messages: BigInt(each.messages) })),
    },
    retries: BigInt(figures.retries),
    timersDue: BigInt(figures.timersDue),
    deadLetters: BigInt(figures.deadLetters),
    breakers: operations.breakers.map(({ name, breakerState }) => ({
      callee: name,
      state: breakerStates[breakerState()],
    })),
    waitsFor: waitsFor ?? '',
    inHandOverAMinute: BigInt(operations.overdue()),
  };
}

const breakerStates: Readonly<Record<BreakerState, proto.Status_Breaker_State>> = {
  closed: proto.Status_Breaker_State.CLOSED,
  'half-open': proto.Status_Breaker_State.HALF_OPEN,
  open: proto.Status_Breaker_State.OPEN,
};

const duration = (seconds: number) => ({
  seconds: BigInt(Math.floor(seconds)),
  nanos: Math.floor((seconds % 1) * 1_000) * 1_000_000,
});

function stillFails(error: unknown): never {
  if (isTemporary(error)) throw error;
  const why = error instanceof Error ? error.message : String(error);
  throw new RpcError('FAILED_PRECONDITION', 'STILL_FAILS', why.slice(0, toldCharacters));
}

function there(letter: Inspected | undefined): proto.DeadLetter {
  if (!letter) throw notFound('dead letter');
  const { envelope, payload, payloadBytes } = letter;
  return {
    ...outside(letter),
    content: payloadBytes > payload.length ? '' : contentOf(envelope.type, payload),
    payload,
    payloadSize: BigInt(payloadBytes),
  };
}

const toRetelling = ({ since, requestedAt, endedAt, sent, unheard }: Retelling): proto.Retelling => ({
  since: new Date(since),
  requestTime: new Date(requestedAt),
  endTime: endedAt === undefined ? undefined : new Date(endedAt),
  sent: BigInt(sent),
  unheard: BigInt(unheard),
});

const toEntry = ({ at, caller, roles, ending, ...act }: Entry): proto.AuditEntry => ({
  ...act,
  createTime: new Date(at),
  callerId: caller,
  roles: [...roles],
  outcome: ending?.outcome ?? 'UNKNOWN',
  reason: ending?.reason ?? '',
  changes: [...(ending?.changes ?? [])],
});

const toRebuild = ({ id, state, startedAt, endedAt, events, sources, waitsFor }: Rebuild): proto.Rebuild => ({
  id,
  state: rebuildStates[state],
  startTime: new Date(startedAt),
  endTime: endedAt === undefined ? undefined : new Date(endedAt),
  events: BigInt(events),
  sources: Object.entries(sources).map(([service, told]) => ({
    service,
    events: BigInt(told ?? 0),
    ended: told !== null,
  })),
  waitsFor,
});

const rebuildStates: Readonly<Record<Rebuild['state'], proto.Rebuild_State>> = {
  running: proto.Rebuild_State.RUNNING,
  done: proto.Rebuild_State.DONE,
  failed: proto.Rebuild_State.FAILED,
};

const outside = ({ envelope, error, diedAt, redrivenAt }: DeadLetter): proto.DeadLetter => ({
  messageId: envelope.id,
  type: envelope.type,
  routingKey: envelope.routingKey,
  source: envelope.source,
  subject: envelope.subject,
  correlationId: envelope.correlationId,
  causationId: envelope.causationId,
  createTime: new Date(envelope.time),
  error,
  deathTime: new Date(diedAt),
  redriveTime: redrivenAt === undefined ? undefined : new Date(redrivenAt),
  content: '',
  payload: Buffer.alloc(0),
  payloadSize: 0n,
});

/** What died may be anything. */
function contentOf(type: string, payload: Uint8Array): string {
  const message = registry.getMessage(type);
  if (!message) return '';
  try {
    return JSON.stringify(toJson(message, fromBinary(message, payload), { registry, alwaysEmitImplicit: true }));
  } catch {
    return '';
  }
}
