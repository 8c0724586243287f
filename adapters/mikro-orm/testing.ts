import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { v7 } from 'uuid';
import type { Envelope, Outgoing } from '#adapters/bus/messages.ts';
import { startPostgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import type { Service } from '#adapters/service/service.ts';
import { openDatabase, type Database } from './database.ts';
import { mikroOrmStore, type OpenStore } from './store.ts';

/** A service's store on a PostgreSQL of its own, for tests. */
export interface TestStore {
  store: OpenStore;
  database: Database;
  url: string;
  /** Everything in the outbox, oldest first. */
  sent(): Promise<{ type: string; subject: string; payload: Buffer }[]>;
  close(): Promise<void>;
}

export async function testStore(service: Pick<Service, 'name' | 'migrations' | 'entities'>): Promise<TestStore> {
  const dir = mkdtempSync(join(tmpdir(), 'jari-test-'));
  const postgres = await startPostgres({ dir, log: pino({ level: 'silent' }) });
  const url = await provision(postgres.adminUrl, service.name, 'schema');
  const database = await openDatabase({
    service: service.name,
    url,
    migrations: service.migrations,
    entities: service.entities,
  });
  const store = mikroOrmStore(database);
  return {
    store,
    database,
    url,
    sent: async () => (await database.pool.query('select type, subject, payload from outbox order by id')).rows,
    async close() {
      await store.close();
      await database.close();
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A message as the bus would bring it. */
export const envelopeFor = (message: Outgoing, source: string): Envelope => ({
  id: v7(),
  kind: message.kind,
  type: message.type,
  routingKey: message.routingKey,
  source: `/${source}`,
  subject: message.subject,
  time: Date.now(),
  correlationId: message.subject,
  causationId: message.subject,
  payload: message.encode(),
});
