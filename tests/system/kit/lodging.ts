import { setTimeout as pause } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { becomes, eventually } from './eventually.ts';
import { ok, person, type Answer, type Person } from './people.ts';
import type { Place } from './place.ts';

/** Lodging, and all that it needs and is seen by. */
export const lodgingServices = ['lodging', 'property', 'payment', 'views'];

/** As REST prints them. */
export interface Money {
  currencyCode: string;
  units: string;
}
export interface Room {
  id: string;
  propertyId: string;
  name: string;
  capacity: number;
  pricePerNight: Money;
  instantBook: boolean;
}
export interface Reservation {
  id: string;
  status: string;
  guestId: string;
  roomId: string;
  checkIn: string;
  checkOut: string;
  total: Money;
  reason: string;
  reasonText: string;
}
export interface StayRequest {
  id: string;
  status: string;
  available: boolean;
  paymentStatus: string;
  reason: string;
}
export interface Payment {
  id: string;
  status: string;
  amount: Money;
  refunded: Money;
  updateTime: string;
}
export interface Order {
  id: string;
  status: string;
  phase: string;
  order: { kind: string; id: string };
  paymentStatus: string;
  title: string;
  timeline: { type: string; source: string; at: string; text: string }[];
  next?: { who: string; what: string };
  deadline?: { at: string; what: string };
}
export interface LedgerEntry {
  orderId: string;
  type: 'CHARGE' | 'REFUND';
  amount: Money;
}
export type ProviderMode = 'NORMAL' | 'DECLINING' | 'DOWN' | 'SLOW' | 'LOSES_ANSWERS';

/** Read once: what is reserved before midnight is looked for after it. */
const today = Temporal.Now.plainDateISO('Asia/Seoul');

/** The day in so many days, in Seoul, where the rooms of these tests are. */
export const day = (inDays: number): string => today.add({ days: inDays }).toString();

export const krw = (units: number): object => ({ currencyCode: 'KRW', units: String(units), nanos: 0 });

/** The people of lodging's story, and what they do there. */
export function lodging(place: Place) {
  const guest = person(place, 'guest');
  const host = person(place, 'host');
  const admin = person(place, 'admin');

  /** Asks for nights; resolves with the reservation as it was accepted. */
  const reserve = (room: Room, inDays: number, nights = 2, by: Person = guest): Promise<Reservation> =>
    ok(by.post<Reservation>('/v1/lodging/reservations', wish(room, inDays, nights)));
  const reservation = (id: string, by: Person = guest): Promise<Reservation> =>
    ok(by.get<Reservation>(`/v1/lodging/reservations/${id}`));
  const stay = (id: string): Promise<StayRequest> => ok(host.get<StayRequest>(`/v1/stay-requests/${id}`));
  const payment = (id: string): Promise<Payment> => ok(admin.get<Payment>(`/v1/payments/${id}`));
  const decide = (
    verb: 'confirm' | 'reject' | 'cancel',
    id: string,
    body: object = {},
    by: Person = host,
  ): Promise<Answer<StayRequest>> => by.post<StayRequest>(`/v1/stay-requests/${id}:${verb}`, body);
  const cancel = (id: string, by: Person = guest): Promise<Answer<Reservation>> =>
    by.post<Reservation>(`/v1/lodging/reservations/${id}:cancel`, {});

  /** Waits until the reservation has come so far. */
  const reaches = (id: string, status: string, withinMs?: number): Promise<Reservation> =>
    becomes(() => reservation(id), { status }, withinMs);
  /** Waits until the host has the request before him. */
  const asked = (id: string): Promise<unknown> =>
    eventually(
      () => host.get(`/v1/stay-requests/${id}`),
      ({ status }) => status === 200,
    );

  /** Waits until everybody concerned can see the order in the read models. */
  const shown = (id: string): Promise<Order> =>
    becomes(() => admin.get<Order>(`/v1/orders/${id}`), { status: 200 }).then(({ body }) => body);

  const ledger = async (orderId: string): Promise<LedgerEntry[]> =>
    (await ok(admin.get<{ entries: LedgerEntry[] }>(`/v1/sandbox/payment-provider/ledger?order_id=${orderId}`)))
      .entries;

  return {
    ...{ guest, host, admin, reserve, reservation, stay, payment, decide, cancel, reaches, asked, shown, ledger },

    rooms: async (): Promise<Room[]> => (await ok(guest.get<{ rooms: Room[] }>('/v1/rooms?page_size=200'))).rooms,

    /** A room of its own for a test; resolves when lodging knows of it, too. */
    async newRoom(terms: { instant?: boolean; price?: number; name?: string } = {}): Promise<Room> {
      const { instant = false, price = 100_000, name = 'Test room' } = terms;
      const property = await ok(
        host.post<{ id: string }>('/v1/properties', {
          name: 'Test house',
          address: '1 Test street',
          time_zone: 'Asia/Seoul',
        }),
      );
      const room = await ok(
        host.post<Room>('/v1/rooms', {
          property_id: property.id,
          name,
          capacity: 2,
          price_per_night: krw(price),
          instant_book: instant,
        }),
      );
      // More guests than it holds: 404 before lodging knows the room, 400 after; nothing is reserved either way.
      await eventually(
        () => guest.post('/v1/lodging/reservations', { ...wish(room, 30, 1), guests: 3 }),
        ({ status }) => status === 400,
      );
      return room;
    },

    /** A reservation that the host has confirmed. */
    async confirmed(room: Room, inDays: number, nights = 2): Promise<Reservation> {
      const made = await reserve(room, inDays, nights);
      await asked(made.id);
      await ok(decide('confirm', made.id));
      return made;
    },

    /** Waits until the guest is told that the card was declined. */
    declined: (id: string): Promise<Reservation> =>
      becomes(() => reservation(id), {
        ...{ status: 'PAYMENT_PENDING', reason: 'CARD_DECLINED', reasonText: 'The card was declined.' },
      }),

    async free(room: Room, inDays: number, nights: number): Promise<boolean[]> {
      const { nights: found } = await ok(
        guest.get<{ nights: { free: boolean }[] }>(
          `/v1/rooms/${room.id}/availability?from=${day(inDays)}&to=${day(inDays + nights)}`,
        ),
      );
      return found.map(({ free }) => free);
    },

    provider: (mode: ProviderMode, delayMs = 0): Promise<unknown> =>
      ok(admin.post('/v1/sandbox/payment-provider', { mode, delay_ms: delayMs })),

    /** What the guest is out of pocket in the provider's books; fails when one order was charged twice. */
    async paid(orderId: string): Promise<number> {
      const entries = await ledger(orderId);
      if (entries.filter(({ type }) => type === 'CHARGE').length > 1)
        throw new Error(`charged twice: ${JSON.stringify(entries)}`);
      return entries.reduce((sum, { type, amount }) => sum + (type === 'CHARGE' ? 1 : -1) * Number(amount.units), 0);
    },

    /** Gives what should not happen the time to happen. */
    quiet: (): Promise<void> => pause(300),
  };
}

export const wish = (room: { id: string }, inDays: number, nights: number): object => ({
  room_id: room.id,
  check_in: day(inDays),
  check_out: day(inDays + nights),
  guests: 2,
});
