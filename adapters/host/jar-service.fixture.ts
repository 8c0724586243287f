import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Bus } from '#adapters/bus/bus.ts';
import { inProcessBus } from '#adapters/bus/in-process.ts';
import { command, type Outgoing } from '#adapters/bus/messages.ts';
import { startPostgres, type Postgres } from '#adapters/embedded-postgres/postgres.ts';
import { provision } from '#adapters/embedded-postgres/provision.ts';
import { jarEntities, jarMigrations, jars, type JarInput } from '#adapters/mikro-orm/contract.ts';
import { ReleaseStay, RequestStay } from '#proto/jari/property/v1/messages.ts';
import { host, type Hosted } from './host.ts';
import {
  subscriptionsOf,
  onCommand,
  onEvent,
  type Outside,
  type ServiceParts,
  type Service,
  inputFor,
} from '#adapters/service/service.ts';

export const log = pino({ level: 'silent' });

/**
 * A service that keeps jars: each `ReleaseStay` puts a coin into the jar of its order. It hears its own events, or they would stay in
 * the outbox.
 */
export interface JarService extends Service {
  /** Runs before a message is understood; throwing is how it cannot be. */
  onMessage: (id: string) => unknown;
  onAlarm: (id: string) => Promise<unknown>;
  breakers: NonNullable<ServiceParts['breakers']>;
  lacks: string | undefined;
  starts: number;
  /** What it was lent when it was plugged. */
  outside: Outside | undefined;
  send: Outside['send'];
  /** Puts coins into a jar, as a command from outside would. */
  put(id: string, input: JarInput): Promise<unknown>;
  coinsIn(id: string): Promise<number | undefined>;
}

export function jarService(name = 'jars'): JarService {
  const lent = (): Outside => {
    if (!service.outside) throw new Error(`${name} is not hosted`);
    return service.outside;
  };
  const service: JarService = {
    name,
    migrations: jarMigrations,
    entities: jarEntities,
    settings: {},
    onMessage: () => undefined,
    onAlarm: async () => undefined,
    breakers: [],
    lacks: undefined,
    starts: 0,
    outside: undefined,
    send: (...messages) => lent().send(...messages),
    put: (id, input) => lent().store.update(jars, id, (state) => jars.decide(state, input)),
    coinsIn: async (id) => (await lent().store.get(jars, id))?.state.coins,
    plug(outside) {
      service.outside = outside;
      return {
        rpc: [],
        subscriptions: subscriptionsOf(
          onCommand('jari.property.v1.ReleaseStay', ReleaseStay, async ({ order }, { subject }) => {
            await service.onMessage(subject);
            return [inputFor(jars, order?.id ?? subject, { put: 1 })];
          }),
          onEvent(
            'jari.jar.v1.CoinsPut',
            { encode: () => ({ finish: () => Buffer.alloc(0) }), decode: () => ({}) },
            () => [],
          ),
        ),
        timers: { 'jar/alarm': async (id) => void (await service.onAlarm(id)) },
        breakers: service.breakers,
        orders: [{ of: jars, notFinal: ['full', 'empty'] }],
        start: async () => void service.starts++,
        waitsFor: async () => service.lacks,
      };
    },
  };
  return service;
}

/** A coin for the jar `id`. */
export const coinFor = (id: string): Outgoing =>
  command('jari.property.v1.ReleaseStay', ReleaseStay, id, { order: { kind: 'lodging.reservation', id } });

/** A message that no service receives. */
export const unheard = (id: string): Outgoing =>
  command('jari.property.v1.RequestStay', RequestStay, id, RequestStay.create());

/** A PostgreSQL of one's own to host services on, each with a bus of its own or one that they share. */
export interface Place {
  postgres: Postgres;
  host(service: Service, more?: { bus?: Bus; databaseUrl?: string; signal?: AbortSignal }): Promise<Hosted>;
  /** Also stops what a failed test left. */
  close(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const dir = mkdtempSync(join(tmpdir(), 'jari-host-'));
  const postgres = await startPostgres({ dir, log });
  const running = new Set<Hosted>();
  return {
    postgres,
    async host(service, { bus = inProcessBus({ log }), databaseUrl, signal = new AbortController().signal } = {}) {
      const hosted = await host(service, {
        ...{ bus, log, signal, settings: {}, development: true, clockTolerance: 30, connections: 5 },
        databaseUrl: databaseUrl ?? (await provision(postgres.adminUrl, service.name, 'schema')),
      });
      const stop = (): Promise<void> => (running.delete(mine), hosted.stop());
      const mine: Hosted = { ...hosted, stop };
      running.add(mine);
      return mine;
    },
    async close() {
      await Promise.all([...running].map((each) => each.stop()));
      await postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
