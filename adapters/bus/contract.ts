import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 } from 'uuid';
import type { Bus, Subscription } from './bus.ts';
import type { Envelope } from './messages.ts';

/** A message to `routingKey`, with `more` set otherwise than usual. */
export const message = (routingKey: string, more: Partial<Envelope> = {}): Envelope => ({
  id: v7(),
  kind: 'event',
  type: 'jari.property.v1.StayConfirmed',
  routingKey,
  source: '/property',
  subject: v7(),
  time: Date.now(),
  correlationId: v7(),
  causationId: v7(),
  payload: new Uint8Array([0, 1, 255]),
  ...more,
});

/** Sends again what is not safe, as an outbox does. */
export async function sendUntilSafe(bus: Bus, envelopes: readonly Envelope[]): Promise<void> {
  for (let rest = envelopes; rest.length > 0; await sleep(20)) {
    const safe = await bus.publish(rest);
    rest = rest.filter(({ id }) => !safe.has(id));
  }
}

export async function until(what: () => boolean, atMostMs = 15_000): Promise<void> {
  for (const deadline = Date.now() + atMostMs; !what(); await sleep(10)) {
    if (Date.now() > deadline) throw new Error(`in ${atMostMs} ms it did not come true: ${what}`);
  }
}

export const ready = (bus: Bus): Promise<void> => until(() => bus.status().ready);

/** A subscriber that records what it receives. */
export function listener(
  queue: string,
  bindings: { events?: readonly string[]; commands?: readonly string[] },
  handle?: Subscription['handle'],
) {
  const heard: Envelope[] = [];
  const subscription: Subscription = {
    queue,
    events: bindings.events ?? [],
    commands: bindings.commands ?? [],
    async handle(envelope) {
      heard.push(envelope);
      await handle?.(envelope);
    },
  };
  return { subscription, heard, ids: () => heard.map(({ id }) => id) };
}

const idsOf = (envelopes: readonly Envelope[]): string[] => envelopes.map(({ id }) => id);
const sorted = (ids: readonly string[]): string[] => [...ids].sort();

/** What every bus must do; run by each implementation on its real parts. */
export function busContract(name: string, makeBus: () => Bus | Promise<Bus>): void {
  describe(name, () => {
    let bus: Bus;
    /** Unique names: the tests may share one broker. */
    let own: (name: string) => string;
    beforeEach(async () => {
      const suffix = v7().slice(-12);
      own = (name) => `${name}-${suffix}`;
      bus = await makeBus();
    });
    afterEach(() => bus.close());

    const listen = (queue: string, ...rest: [Parameters<typeof listener>[1], Subscription['handle']?]) => {
      const found = listener(own(queue), ...rest);
      return { ...found, consumption: bus.subscribe(found.subscription) };
    };

    test('an event reaches each service that hears it, once (K8)', async () => {
      const key = `${own('property')}.StayConfirmed`;
      const lodging = listen('lodging', { events: [key] });
      const views = listen('views', { events: [`${own('property')}.#`] });
      await ready(bus);
      const sent = [message(key), message(key)];
      expect(sorted([...(await bus.publish(sent))])).toEqual(sorted(idsOf(sent)));
      await until(() => lodging.heard.length >= 2 && views.heard.length >= 2);
      await sleep(100);
      expect([sorted(lodging.ids()), sorted(views.ids())]).toEqual([sorted(idsOf(sent)), sorted(idsOf(sent))]);
    });

    test('events are chosen by pattern: * is one word, # is any number of words', async () => {
      const root = own('order');
      const orders = listen('views', { events: [`${root}.#`] });
      const shallow = listen('notification', { events: [`${root}.*`] });
      await ready(bus);
      const sent = [message(root), message(`${root}.lodging`), message(`${root}.lodging.ReservationPaid`)] as const;
      await sendUntilSafe(bus, sent);
      await until(() => orders.heard.length >= 3 && shallow.heard.length >= 1);
      expect(sorted(orders.ids())).toEqual(sorted(idsOf(sent)));
      expect(shallow.ids()).toEqual([sent[1].id]);
    });

    test('a command goes to its owner alone, and not to those who hear events of that name', async () => {
      const key = `${own('property')}.RequestStay`;
      const owner = listen('property', { commands: [key] });
      const curious = listen('views', { events: [`${own('property')}.#`] });
      await ready(bus);
      const [command, event] = [message(key, { kind: 'command' }), message(key)];
      await sendUntilSafe(bus, [command, event]);
      await until(() => owner.heard.length > 0 && curious.heard.length > 0);
      expect(owner.ids()).toEqual([command.id]);
      expect(curious.ids()).toEqual([event.id]);
    });

    test('everything that the sender wrote on the envelope arrives', async () => {
      const key = `${own('payment')}.RequestPayment`;
      const { heard } = listen('payment', { commands: [key], events: [key] });
      await ready(bus);
      const traced = message(key, {
        kind: 'command',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        payload: new Uint8Array(),
      });
      const plain = message(key, { subject: '예약-1', time: 1_798_761_600_123 });
      const aboutNothing = message(key, { kind: 'command', subject: '' });
      await sendUntilSafe(bus, [traced, plain, aboutNothing]);
      await until(() => heard.length === 3);
      const arrived = (id: string): object => {
        const { payload, ...rest } = heard.find((envelope) => envelope.id === id)!;
        return { ...rest, payload: [...payload] };
      };
      expect(arrived(traced.id)).toEqual({ ...traced, payload: [] });
      expect(arrived(plain.id)).toEqual({ ...plain, payload: [0, 1, 255] });
      expect(arrived(aboutNothing.id)).toEqual({ ...aboutNothing, payload: [0, 1, 255] });
    });

    test('replicas of a service share the work, and nothing is done by two (K9)', async () => {
      const key = `${own('payment')}.RequestPayment`;
      const pause = (): Promise<void> => sleep(5);
      const one = listen('payment', { commands: [key] }, pause);
      const two = listen('payment', { commands: [key] }, pause);
      await ready(bus);
      const sent = Array.from({ length: 100 }, () => message(key, { kind: 'command' }));
      await sendUntilSafe(bus, sent);
      await until(() => one.heard.length + two.heard.length >= 100);
      expect(sorted([...one.ids(), ...two.ids()])).toEqual(sorted(idsOf(sent)));
      expect(Math.min(one.heard.length, two.heard.length)).toBeGreaterThan(10);
    });

    test('what is replayed is heard by those alone who are rebuilding, with the key it once had; they hear what is new as well', async () => {
      const key = `order.${own('lodging')}.ReservationPaid`;
      const live = listen('views', { events: ['order.#'] });
      const rebuilt = listener(own('views@2'), { events: ['#'] });
      const consumption = bus.subscribe({ ...rebuilt.subscription, rebuilding: true });
      await ready(bus);
      const [past, present] = [message(key), message(key)];
      expect(await bus.replay([past])).toEqual(new Set([past.id]));
      await sendUntilSafe(bus, [present]);
      await until(() => rebuilt.heard.length >= 2 && live.heard.length >= 1);
      expect(sorted(rebuilt.ids())).toEqual(sorted(idsOf([past, present])));
      expect(rebuilt.heard.map(({ routingKey, kind }) => [routingKey, kind])).toEqual([
        [key, 'event'],
        [key, 'event'],
      ]);
      expect(live.ids()).toEqual([present.id]);
      // Once it has stopped nobody waits for it any more.
      await consumption.stop();
      expect(await bus.replay([message(key)])).toEqual(new Set());
      const later = message(key);
      expect(await bus.publish([later])).toEqual(new Set([later.id]));
    });

    test('one whose sender was told a trace that is none, at any length, goes with its neighbours', async () => {
      const key = `${own('property')}.StayConfirmed`;
      const { ids } = listen('lodging', { events: [key] });
      await ready(bus);
      const sent = [message(key), message(key, { traceparent: 'x'.repeat(30_000) }), message(key)];
      expect(sorted([...(await bus.publish(sent))])).toEqual(sorted(idsOf(sent)));
      await until(() => ids().length >= 3);
      expect(sorted(ids())).toEqual(sorted(idsOf(sent)));
    });

    test('what nobody hears is not safe, and does not keep the rest from being safe', async () => {
      const key = `${own('lodging')}.ReservationPaid`;
      listen('views', { events: [key] });
      await ready(bus);
      const [heard, unheard, unowned] = [
        message(key),
        message(`${own('nobody')}.Hears`),
        message(key, { kind: 'command' }),
      ];
      for (let again = 0; again < 3; again++) {
        const safe = await bus.publish([unheard, heard, unowned]);
        expect([...safe]).toEqual([heard.id]);
      }
    });

    test('what nobody heard is heard once somebody is there', async () => {
      const key = `${own('lodging')}.ReservationPaid`;
      const early = message(key);
      expect(await bus.publish([early])).toEqual(new Set());
      const { ids } = listen('views', { events: [key] });
      await sendUntilSafe(bus, [early]);
      await until(() => ids().includes(early.id));
    });

    test('a message that could not be handled comes again, and holds nobody up', async () => {
      const key = `${own('payment')}.RequestPayment`;
      const bad = message(key);
      let refusals = 2;
      const { ids } = listen('payment', { events: [key] }, async ({ id }) => {
        if (id === bad.id && refusals-- > 0) throw new Error('the database is away');
      });
      await ready(bus);
      const good = [message(key), message(key)];
      await sendUntilSafe(bus, [bad, ...good]);
      await until(() => ids().filter((id) => id === bad.id).length === 3);
      expect(ids()).toEqual(expect.arrayContaining(idsOf(good)));
    });

    test('stopping finishes what is in hand and takes nothing more', async () => {
      const key = `${own('payment')}.RequestPayment`;
      let finished = 0;
      const { heard, consumption } = listen('payment', { events: [key] }, async () => {
        await sleep(200);
        finished++;
      });
      await ready(bus);
      const sending = bus.publish([message(key), message(key), message(key)]);
      await until(() => heard.length === 3);
      await consumption.stop();
      expect(finished).toBe(3);
      await sending;
      await bus.publish([message(key)]);
      await sleep(100);
      expect(heard.length).toBe(3);
    });

    test('a service that was down gets what it missed, though others had heard it (K8)', async () => {
      const key = `${own('lodging')}.ReservationPaid`;
      const before = listen('payout', { events: [key] });
      const others = listen('views', { events: [key] });
      await ready(bus);
      await before.consumption.stop();
      const missed = [message(key), message(key)];
      const sending = sendUntilSafe(bus, missed);
      await until(() => others.heard.length >= 2);
      const back = listen('payout', { events: [key] });
      await sending;
      await until(() => back.heard.length >= 2);
      expect(before.heard).toEqual([]);
      expect(new Set(back.ids())).toEqual(new Set(idsOf(missed)));
    });
  });
}
