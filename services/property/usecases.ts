import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { LocalDate } from '#kernel/time.ts';
import { datesOf, type Nights, type Taken } from './nights.ts';
import type { Page, Ports } from './ports.ts';
import {
  manages,
  property,
  type Description,
  type Manager,
  type Property,
  type PropertyDetails,
  type PropertyRefusal,
} from './property.ts';
import { room, type Room, type RoomChange, type RoomInput, type RoomRefusal, type Terms } from './room.ts';
import { stay, type StayInput, type StayRefusal, type StayRequest, type Wish } from './stay.ts';

type PropertyUpdated = Promise<Updated<Property, PropertyRefusal>>;
type RoomUpdated = Promise<Updated<Room, RoomRefusal>>;
type StayUpdated = Promise<Updated<StayRequest, StayRefusal>>;

export const registerProperty = ({ properties }: Ports, id: string, details: PropertyDetails): PropertyUpdated =>
  properties.update(id, (state) => property.decide(state, { type: 'RegisterProperty', details }));

export const changeProperty = (
  { properties }: Ports,
  id: string,
  by: Manager,
  changes: Partial<Description>,
): PropertyUpdated => properties.update(id, (state) => property.decide(state, { type: 'ChangeProperty', by, changes }));

/** Takes a property and its rooms off sale, or puts them back (B2). */
export const closeOrReopenProperty = (
  { properties }: Ports,
  id: string,
  by: Manager,
  type: 'CloseProperty' | 'ReopenProperty',
): PropertyUpdated => properties.update(id, (state) => property.decide(state, { type, by }));

export const listRoom = (
  { properties, rooms }: Ports,
  id: string,
  by: Manager,
  propertyId: string,
  terms: Terms,
): RoomUpdated =>
  rooms.update(
    id,
    (state, found) => room.decide(state, { type: 'ListRoom', by, propertyId, ...seen(found), terms }),
    () => properties.get(propertyId),
  );

/** A property as it was read; none is as good as one that nobody registered. */
const seen = (found: StoredAggregate<Property> | undefined): { property: Property; version: number } => ({
  property: found?.state ?? property.initial,
  version: found?.version ?? 0,
});

/** Its property as it is now, for a room that has to follow it. */
export const propertyInputFor = async ({ properties }: Ports, propertyId: string): Promise<RoomInput> => ({
  type: 'PropertySeen',
  ...seen(await properties.get(propertyId)),
});

/** Takes a room off sale, or puts it back (B2). */
export const closeOrReopenRoom = (
  { rooms }: Ports,
  id: string,
  by: Manager,
  type: 'CloseRoom' | 'ReopenRoom',
): RoomUpdated => rooms.update(id, (state) => room.decide(state, { type, by }));

export const changeRoom = ({ rooms }: Ports, id: string, by: Manager, change: RoomChange): RoomUpdated =>
  rooms.update(id, (state) => room.decide(state, { type: 'ChangeRoom', by, ...change }));

export const blockNights = ({ rooms, calendar, now }: Ports, by: Manager, nights: Nights): RoomUpdated =>
  rooms.update(
    nights.roomId,
    (state, taken) => room.decide(state, { type: 'BlockNights', by, nights: datesOf(nights), taken, at: now() }),
    () => calendar.taken(nights),
  );

export const unblockNights = ({ rooms }: Ports, by: Manager, nights: Nights): RoomUpdated =>
  rooms.update(nights.roomId, (state) => room.decide(state, { type: 'UnblockNights', by, nights: datesOf(nights) }));

/** Each night and whether it is free; undefined when there is no such room. */
export async function availability(
  { rooms, calendar }: Ports,
  nights: Nights,
): Promise<{ date: LocalDate; free: boolean }[] | undefined> {
  const [found, { booked, blocked }] = await Promise.all([rooms.get(nights.roomId), calendar.taken(nights)]);
  if (!found) return undefined;
  const taken = new Set([...booked, ...blocked]);
  return datesOf(nights).map((date) => ({ date, free: !taken.has(date) }));
}

/** The request for a stay, with all that its decision needs. */
export async function requestStay(
  { rooms, calendar, now, answerWithin }: Ports,
  kind: string,
  wish: Wish,
): Promise<StayInput> {
  const [found, taken] = await Promise.all([rooms.get(wish.roomId), calendar.taken(nightsOf(wish))]);
  return { type: 'RequestStay', kind, wish, room: found?.state ?? room.initial, taken, at: now(), answerWithin };
}

/** The waiting stay requests that a confirmed stay may have left without their nights, and what each is told. */
export async function rejectOverlappingOnStayConfirmed(
  ports: Ports,
  confirmed: Nights,
): Promise<{ id: string; input(): Promise<StayInput> }[]> {
  const waiting = await ports.calendar.waitingFor(confirmed);
  return waiting.map((id) => ({
    id,
    input: async () => ({ type: 'NightsLookedAt', taken: await takenFrom(ports, id) }),
  }));
}

/** The same for one that began to wait while another was confirmed, and that nobody saw waiting then. */
export const rejectOverlapped = (ports: Ports, id: string): StayUpdated =>
  ports.stayRequests.update(
    id,
    (state, taken) => stay.decide(state, { type: 'NightsLookedAt', taken }),
    () => takenFrom(ports, id),
  );

export const confirmStay = (ports: Ports, id: string, by: Manager): StayUpdated =>
  ports.stayRequests.update(
    id,
    (state, taken) => stay.decide(state, { type: 'ConfirmStay', by, taken }),
    () => takenFrom(ports, id),
  );

export const rejectStay = ({ stayRequests }: Ports, id: string, by: Manager, text: string): StayUpdated =>
  stayRequests.update(id, (state) => stay.decide(state, { type: 'RejectStay', by, text }));

export const cancelStay = ({ stayRequests, now }: Ports, id: string, by: Manager, text: string): StayUpdated =>
  stayRequests.update(id, (state) => stay.decide(state, { type: 'CancelStay', by, text, at: now() }));

export const rejectUnansweredStay = ({ stayRequests }: Ports, id: string): StayUpdated =>
  stayRequests.update(id, (state) => stay.decide(state, { type: 'HostStayedSilent' }));

export interface StayView {
  request: StoredAggregate<StayRequest>;
  /** All its nights are free now. */
  available: boolean;
}

export async function readStay(
  { stayRequests, calendar }: Ports,
  id: string,
  by: Manager,
): Promise<StayView | undefined> {
  const request = await stayRequests.get(id);
  const wish = wishOf(request?.state);
  if (!request || !wish || !manages(by, wish.ownerId)) return undefined;
  return { request, available: (await calendar.free([id])).has(id) };
}

/** The requests that `by` decides. */
export async function listStays(
  { stayRequests, calendar }: Ports,
  by: Manager,
  status: StayRequest['status'] | undefined,
  page: Page,
): Promise<StayView[]> {
  const found = await stayRequests.list({ ownerId: by.admin ? undefined : by.userId, status }, page);
  const free = await calendar.free(found.map(({ id }) => id));
  return found.map((request) => ({ request, available: free.has(request.id) }));
}

/** The nights that a stay request wants and cannot have, or has already. */
async function takenFrom({ stayRequests, calendar }: Ports, id: string): Promise<Taken> {
  const wish = wishOf((await stayRequests.get(id))?.state);
  return wish ? calendar.taken(nightsOf(wish)) : { booked: [], blocked: [] };
}

const nightsOf = ({ roomId, checkIn, checkOut }: Wish): Nights => ({ roomId, from: checkIn, to: checkOut });

const wishOf = (state: StayRequest | undefined) => (state && 'stay' in state ? state.stay : undefined);
