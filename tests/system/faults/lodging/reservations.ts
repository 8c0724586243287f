import { setTimeout as pause } from 'node:timers/promises';
import type { Business } from '../business.ts';
import type { FaultClient } from '../client.ts';
import type { Outcome } from '../journal.ts';
import { startLoad, type Acting } from '../load.ts';
import { invariants } from './invariants.ts';
import { fromToday, makeRooms, pricePerNight, type Rooms } from './rooms.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';

/** Guests reserve, hosts confirm, some cancel. */
export const reservations: Business<Snapshot> = {
  core: {
    service: 'lodging',
    table: 'reservation',
    resting: ['paid', 'completed', 'rejected', 'payment-failed', 'cancelled'],
  },
  async begin(place, options) {
    const rooms = await makeRooms(place);
    const day = fromToday();
    return startLoad(place, { ...options, people: [...guests, 'host'] }, (nth, key, acting) =>
      live(nth, key, { rooms, day }, acting),
    );
  },
  async unsettled(place) {
    const rows = await place.rows<{ what: string }>(
      'payment',
      `select id || ' is ' || status what from payment where status in ('pending', 'refunding')`,
    );
    return rows.map(({ what }) => `payment: ${what}`);
  },
  look: takeSnapshot,
  invariants,
};

interface Wish {
  use: keyof Rooms;
  roomId: string;
  /** In so many days, and so many nights. */
  inDays: number;
  nights: number;
}

const guests = ['mina', 'jun', 'sora', 'theo', 'yuna', 'max'];

async function live(
  nth: number,
  key: string,
  { rooms, day }: { rooms: Rooms; day: (inDays: number) => string },
  { client, insist, givenUp }: Acting,
): Promise<void> {
  const guest = guests[nth % guests.length] as string;
  const by = nth % 2 ? 'rest' : 'grpc';
  const { use, roomId, inDays, nights } = wishOf(nth, rooms);
  const wish = { roomId, checkIn: day(inDays), checkOut: day(inDays + nights), guests: 2, agreedTotal: undefined };
  const id = await insist(
    key,
    { what: 'reserve', guest, by, roomId, checkIn: wish.checkIn, checkOut: wish.checkOut },
    () => client.reserve(guest, by, wish, key),
  );
  if (!id) return;
  const cancel = (keeps: number): Promise<unknown> =>
    insist(`${key}-cancel`, { what: 'cancel', id, keeps }, () => client.cancel(guest, id, `${key}-cancel`));
  if (use === 'asking')
    await insist(`${key}-confirm`, { what: 'confirm', id }, () => confirmed(client, id, `${key}-confirm`));
  if (use === 'near') {
    const refund = await refundOncePaid(client, guest, id, givenUp);
    if (refund !== undefined) await cancel(nights * pricePerNight - refund);
  } else if (nth % 12 === 4) {
    await pause(1_500 * Math.random());
    await cancel(0);
  }
}

/** Most go all the way by themselves; some ask a host, some want what others want, some are cancelled when it costs. */
function wishOf(nth: number, rooms: Rooms): Wish {
  const of = (use: keyof Rooms, turn: number): Pick<Wish, 'use' | 'roomId'> => ({
    use,
    roomId: rooms[use][turn % rooms[use].length] as string,
  });
  const turn = Math.floor(nth / 10);
  switch (nth % 10) {
    case 5:
      return { ...of('asking', turn), inDays: 40 + 2 * Math.floor(turn / rooms.asking.length), nights: 2 };
    case 7:
      return { ...of('near', turn), inDays: 3 + (turn % 6), nights: 1 };
    case 9: // a window of ten nights that moves on slowly
      return {
        ...of('contested', Math.floor(10 * Math.random())),
        inDays: 40 + Math.floor(turn / 10) + Math.floor(10 * Math.random()),
        nights: 1 + Math.floor(3 * Math.random()),
      };
    default:
      return { ...of('instant', nth), inDays: 40 + 2 * Math.floor(nth / rooms.instant.length), nights: 1 + (nth % 2) };
  }
}

/** A request that has not come to the host yet is not there yet. */
async function confirmed(client: FaultClient, id: string, key: string): Promise<Outcome> {
  // A refusal would be kept with the key, so the host looks first.
  if (!(await client.read('host', `/v1/stay-requests/${id}`)))
    return { is: 'unknown', why: 'the host does not see it yet' };
  return client.confirm(id, key);
}

/** What a cancellation gives back, once there is something to give back; undefined when it came to rest otherwise. */
async function refundOncePaid(
  client: FaultClient,
  guest: string,
  id: string,
  givenUp: AbortSignal,
): Promise<number | undefined> {
  while (!givenUp.aborted) {
    const status = (await client.read<{ status: string }>(guest, `/v1/lodging/reservations/${id}`))?.status;
    if (status === 'PAID') {
      const preview = await client.read<{ refund: { units: string } }>(
        guest,
        `/v1/lodging/reservations/${id}:cancelPreview`,
      );
      if (preview) return Number(preview.refund.units);
    } else if (status === 'REJECTED' || status === 'PAYMENT_FAILED') return undefined;
    await pause(400);
  }
  return undefined;
}
