import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { newId } from '#kernel/ids.ts';
import type { Bus } from '#adapters/bus/bus.ts';
import { event, keyOf, type Codec, type Envelope, type Outgoing } from '#adapters/bus/messages.ts';
import { columns, stored, type OutboxRow } from '#adapters/mikro-orm/outbox.ts';
import { mapDatabaseErrors } from '#adapters/mikro-orm/store.ts';
import { Unavailable } from '#adapters/failures/failures.ts';
import { ReplayBegun, ReplayEnded, ReplayMark, ReplayRequested } from '#proto/jari/ops/v1/messages.ts';

export const types = {
  requested: 'jari.ops.v1.ReplayRequested',
  begun: 'jari.ops.v1.ReplayBegun',
  ended: 'jari.ops.v1.ReplayEnded',
  mark: 'jari.ops.v1.ReplayMark',
} as const;

/** Every service listens to it, whatever its business. */
export const replayKey = keyOf(types.requested);

/** By the outbox, whose archive may lack nothing. */
export const replayRequested = (rebuild: string): Outgoing => event(types.requested, ReplayRequested, rebuild, {});

export const replayMark = (service: string, rebuild: string, id: string): Envelope =>
  told(service, rebuild, types.mark, ReplayMark, { id });

/** Events of one round. */
const batchSize = 500;
const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * Answers a ReplayRequested: sends every event that the service ever published to the services that are rebuilding. Also events that the
 * relay has not marked yet, because it may have sent them before the rebuild began. A repeated request sends all again, without harm.
 */
export function replayer({
  pool,
  bus,
  service,
  log,
}: {
  pool: Pool;
  bus: Pick<Bus, 'replay' | 'status'>;
  service: string;
  log: Logger;
}): (request: Envelope) => Promise<void> {
  /** Whether a rebuilding service took them. */
  async function tell(envelopes: readonly Envelope[]): Promise<boolean> {
    // If the connection broke meanwhile, give up now: the replay may take hours, and nothing else is handled until it ends.
    if (!bus.status().ready) throw new Unavailable('the bus was lost; the replay starts again');
    const taken = await bus.replay(envelopes);
    if (taken.size === envelopes.length) return true;
    if (taken.size === 0 && bus.status().ready) return false; // nobody is there
    throw new Unavailable('the events were not taken; the replay starts again');
  }

  return async ({ subject: rebuild }) => {
    let events = 0;
    let isHeard = await tell([told(service, rebuild, types.begun, ReplayBegun, { service })]);
    for (let after = beforeAll; isHeard;) {
      const rows = await toldAfter(pool, after);
      const last = rows.at(-1);
      if (!last) break;
      isHeard = await tell(rows.map((row) => stored(row, service)));
      after = last.id;
      events += rows.length;
    }
    if (isHeard)
      isHeard = await tell([told(service, rebuild, types.ended, ReplayEnded, { service, events: BigInt(events) })]);
    log.info(
      { rebuild, events },
      isHeard ? 'sent all events again' : 'stopped sending events again: no service is rebuilding',
    );
  };
}

const toldAfter = (pool: Pool, id: string): Promise<OutboxRow[]> =>
  mapDatabaseErrors(async () => {
    const text = `select ${columns} from told where kind = 'event' and id > $1 order by id limit ${batchSize}`;
    return (await pool.query<OutboxRow>({ name: 'outbox-replay', text, values: [id] })).rows;
  });

/** A message that is in no outbox: when it is lost, the whole replay is asked for again. */
function told<Body>(service: string, rebuild: string, type: string, codec: Codec<Body>, body: Body): Envelope {
  const id = newId();
  const payload = codec.encode(body).finish();
  return {
    id,
    kind: 'event',
    type,
    routingKey: keyOf(type),
    source: `/${service}`,
    subject: rebuild,
    time: Date.now(),
    correlationId: rebuild,
    causationId: id,
    payload,
  };
}
