import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant, LocalDate } from '#kernel/time.ts';
import type { Nights, Taken } from './nights.ts';
import type { Amenity, Property, PropertyEvent, PropertyRefusal } from './property.ts';
import type { Room, RoomEvent, RoomRefusal } from './room.ts';
import type { StayEvent, StayRefusal, StayRequest } from './stay.ts';

export interface Page {
  size: number;
  /** Only what comes after this id. */
  after?: string;
}

interface Collection<State, Event, Refusal extends string, Filter> {
  get(id: string): Promise<StoredAggregate<State> | undefined>;
  /** Newest first; what the filter leaves open matches all. */
  list(filter: Filter, page: Page): Promise<StoredAggregate<State>[]>;
  /**
   * Decides on the stored state; saves the new state and what follows from it in one transaction. `facts` reads what else the
   * decision needs, and again when another writer was first.
   */
  update<Facts = undefined>(
    id: string,
    decide: (state: State, facts: Facts) => Decision<Event, Refusal>,
    facts?: () => Promise<Facts>,
  ): Promise<Updated<State, Refusal>>;
}

export type Properties = Collection<Property, PropertyEvent, PropertyRefusal, Record<never, never>>;

/** What a guest looks for; what is left open matches all. */
export interface RoomFilter {
  propertyId?: string | undefined;
  /** Only rooms that are free in all of these nights. */
  stay?: { checkIn: LocalDate; checkOut: LocalDate } | undefined;
  guests?: number | undefined;
  /** Words of the area. */
  area?: string;
  /** Words of what is written about the room. */
  text?: string;
  /** Of a night. */
  maxPrice?: number | undefined;
  amenities?: readonly Amenity[];
  /** By price, a page ends with the price and the id, as in `90000/ID`. */
  order: 'newest' | 'price';
  /** Closed rooms are shown to their host. */
  viewerId?: string | undefined;
}

export interface Rooms extends Collection<Room, RoomEvent, RoomRefusal, RoomFilter> {
  /** Of every room there is, or of those of one property. */
  ids(propertyId?: string): Promise<string[]>;
}

/** Those that were asked for; tombstones are not listed. */
export type StayRequests = Collection<
  StayRequest,
  StayEvent,
  StayRefusal,
  { ownerId?: string | undefined; status?: StayRequest['status'] | undefined }
>;

export interface Calendar {
  /** Which of these nights are off the market. */
  taken(nights: Nights): Promise<Taken>;
  /** Those of the given stay requests whose nights are all free. */
  free(stayIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Waiting stay requests that want one of these nights. */
  waitingFor(nights: Nights): Promise<string[]>;
}

export interface Ports {
  properties: Properties;
  rooms: Rooms;
  stayRequests: StayRequests;
  calendar: Calendar;
  now(): Instant;
  /** How long a host may take to answer, in milliseconds. */
  answerWithin: number;
}
