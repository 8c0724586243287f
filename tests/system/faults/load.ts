import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { faultClient, type FaultClient } from './client.ts';
import { openJournal, type Intent, type Outcome } from './journal.ts';
import type { Native } from './native.ts';
import { day, pricePerNight, type Rooms } from './rooms.ts';

export interface Load {
  /** No new reservations; resolves when each that was begun has its answer, or `patienceMs` later. */
  stop(patienceMs?: number): Promise<void>;
}

interface Wish {
  use: keyof Rooms;
  roomId: string;
  /** In so many days, and so many nights. */
  inDays: number;
  nights: number;
}

const guests = ['mina', 'jun', 'sora', 'theo', 'yuna', 'max'];

/** Reserves so many times a second whatever becomes of it; every command has a key and a place in the journal, and is asked until the answer is known. */
export async function startLoad(place: Native, rooms: Rooms, { perSecond, journal: file }: { perSecond: number; journal: string }): Promise<Load> {
  const client = await faultClient(place, guests);
  const journal = openJournal(file);
  const run = randomUUID().slice(0, 8);
  const stopping = new AbortController();
  const givingUp = new AbortController();
  const lives = new Set<Promise<void>>();

  /** Resolves with the id once accepted; with nothing when it is refused, or nobody has told in time. */
  async function insist(key: string, intent: Intent, call: () => Promise<Outcome>): Promise<string | undefined> {
    journal.intends(key, intent);
    for (let pauseMs = 100; ; pauseMs = Math.min(2_000, 1.6 * pauseMs)) {
      const began = performance.now();
      const outcome = await call();
      journal.learns(key, outcome, performance.now() - began);
      if (outcome.is !== 'unknown') return outcome.is === 'accepted' ? outcome.id : undefined;
      if (givingUp.signal.aborted) return undefined;
      await pause(pauseMs * (0.5 + Math.random()));
    }
  }

  async function live(nth: number): Promise<void> {
    const key = `${run}-${nth}`;
    const guest = guests[nth % guests.length] as string;
    const by = nth % 2 ? 'rest' : 'grpc';
    const { use, roomId, inDays, nights } = wishOf(nth, rooms);
    const wish = { roomId, checkIn: day(inDays), checkOut: day(inDays + nights), guests: 2 };
    const id = await insist(key, { what: 'reserve', guest, by, roomId, checkIn: wish.checkIn, checkOut: wish.checkOut }, () => client.reserve(guest, by, wish, key));
    if (!id) return;
    const cancel = (keeps: number): Promise<unknown> => insist(`${key}-cancel`, { what: 'cancel', id, keeps }, () => client.cancel(guest, id, `${key}-cancel`));
    if (use === 'asking') await insist(`${key}-confirm`, { what: 'confirm', id }, () => confirmed(client, id, `${key}-confirm`));
    if (use === 'near') {
      const refund = await refundOncePaid(client, guest, id, givingUp.signal);
      if (refund !== undefined) await cancel(nights * pricePerNight - refund);
    } else if (nth % 12 === 4) {
      await pause(1_500 * Math.random());
      await cancel(0);
    }
  }

  const generating = (async () => {
    const began = performance.now();
    for (let nth = 0; !stopping.signal.aborted; nth++) {
      const due = began + (nth * 1_000) / perSecond;
      if (due > performance.now()) await pause(due - performance.now());
      const life = live(nth).finally(() => lives.delete(life));
      lives.add(life);
    }
  })();

  return {
    async stop(patienceMs = 60_000) {
      stopping.abort();
      await generating;
      const all = Promise.all(lives);
      const late = setTimeout(() => givingUp.abort(), patienceMs);
      await all;
      clearTimeout(late);
      client.close();
      journal.close();
    },
  };
}

/** Most go all the way by themselves; some ask a host, some want what others want, some are cancelled when it costs. */
function wishOf(nth: number, rooms: Rooms): Wish {
  const of = (use: keyof Rooms, turn: number): Pick<Wish, 'use' | 'roomId'> => ({ use, roomId: rooms[use][turn % rooms[use].length] as string });
  const turn = Math.floor(nth / 10);
  switch (nth % 10) {
    case 5:
      return { ...of('asking', turn), inDays: 40 + 2 * Math.floor(turn / rooms.asking.length), nights: 2 };
    case 7:
      return { ...of('near', turn), inDays: 3 + (turn % 6), nights: 1 };
    case 9: // a window of ten nights that moves on slowly
      return { ...of('contested', Math.floor(10 * Math.random())), inDays: 40 + Math.floor(turn / 10) + Math.floor(10 * Math.random()), nights: 1 + Math.floor(3 * Math.random()) };
    default:
      return { ...of('instant', nth), inDays: 40 + 2 * Math.floor(nth / rooms.instant.length), nights: 1 + (nth % 2) };
  }
}

/** A request that has not come to the host yet is not there yet. */
async function confirmed(client: FaultClient, id: string, key: string): Promise<Outcome> {
  // A refusal would be kept with the key, so the host looks first.
  if (!(await client.read('host', `/v1/stay-requests/${id}`))) return { is: 'unknown', why: 'the host does not see it yet' };
  return client.confirm(id, key);
}

/** What a cancellation gives back, once there is something to give back; undefined when it came to rest otherwise. */
async function refundOncePaid(client: FaultClient, guest: string, id: string, givenUp: AbortSignal): Promise<number | undefined> {
  while (!givenUp.aborted) {
    const status = (await client.read<{ status: string }>(guest, `/v1/lodging/reservations/${id}`))?.status;
    if (status === 'PAID') {
      const preview = await client.read<{ refund: { units: string } }>(guest, `/v1/lodging/reservations/${id}:cancelPreview`);
      if (preview) return Number(preview.refund.units);
    } else if (status === 'REJECTED' || status === 'PAYMENT_FAILED') return undefined;
    await pause(400);
  }
  return undefined;
}
