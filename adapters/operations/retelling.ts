import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { minutes, type Instant } from '#kernel/time.ts';
import { event, keyOf, type Envelope, type Outgoing } from '#adapters/bus/messages.ts';
import { withTimeout } from '#adapters/mikro-orm/database.ts';
import { lastRetelling, tellAgain, type Retelling } from '#adapters/mikro-orm/retell.ts';
import { mapDatabaseErrors } from '#adapters/mikro-orm/store.ts';
import { TellAgainRequested } from '#proto/jari/ops/v1/messages.ts';

const type = 'jari.ops.v1.TellAgainRequested';

/** Every service listens to it, whatever its business. */
export const tellAgainKey = keyOf(type);

/** A new broker has lost messages of at most this age; older ones are sent again by command. */
const lostMs = minutes(6 * 60);

/** Sends again what the service has published. */
export interface Reteller {
  begin(since: Instant): Promise<Retelling>;
  last(): Promise<Retelling | undefined>;
}

export const retellerOf = (pool: Pool): Reteller => ({
  begin: (since) => mapDatabaseErrors(() => tellAgain(pool, since)),
  last: () => mapDatabaseErrors(() => lastRetelling(pool)),
});

/** Another service's queue was gone, or our own: what we have published since may have been in it. */
export async function tellAgainOnRequest(pool: Pool, log: Logger, { payload }: Envelope): Promise<void> {
  const { service, since } = TellAgainRequested.decode(payload);
  if (!since) throw new TypeError(`${type} does not say since when`);
  await mapDatabaseErrors(() => tellAgain(pool, since.getTime()));
  log.warn({ of: service, since }, 'the broker has lost messages; all messages published since are sent again');
}

/** The queue is there. Where it was missing though it had been there before, everybody is asked to send again what it may have held. */
export async function queueFound(
  isMissing: boolean,
  parts: { pool: Pool; service: string; now: Instant; send(message: Outgoing): Promise<void> },
): Promise<void> {
  const { pool, service, now, send } = parts;
  const text = 'insert into queue_seen values ($1) on conflict do nothing';
  const { rowCount } = await pool.query(withTimeout({ text, values: [service] }));
  if (isMissing && !rowCount)
    await send(event(type, TellAgainRequested, service, { service, since: new Date(now - lostMs) }));
}
