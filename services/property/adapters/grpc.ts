import type { StoredAggregate } from '#kernel/aggregate.ts';
import { validate } from 'uuid';
import { newId } from '#kernel/ids.ts';
import { times } from '#kernel/money.ts';
import { daysBetween } from '#kernel/time.ts';
import { notFound } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  has,
  openQuery,
  query,
  rpcService,
  type Caller,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import { listingChanges } from '#adapters/rpc/rate.ts';
import * as proto from '#proto/jari/property/v1/property.ts';
import type { Ports, RoomFilter } from '../ports.ts';
import type { Amenity, Manager, Property, PropertyRefusal } from '../property.ts';
import { isOffSale, type Room, type RoomRefusal } from '../room.ts';
import type { StayRefusal, StayRequest } from '../stay.ts';
import * as usecases from '../usecases.ts';
import { amenitiesFrom, changesIn, existing, filterIn, propertyChangesIn } from './requests.ts';

const propertyRefusals: Record<PropertyRefusal, RefusalStatus> = {
  'no-such-property': { code: 'NOT_FOUND', text: 'no such property' },
};

const roomRefusals: Record<RoomRefusal, RefusalStatus> = {
  ...propertyRefusals,
  'no-such-room': { code: 'NOT_FOUND', text: 'no such room' },
  'nights-taken': { code: 'FAILED_PRECONDITION', text: 'a confirmed stay has some of these nights' },
  'too-far-ahead': { code: 'INVALID_ARGUMENT', text: 'must be {latest} or earlier', field: 'to' },
  'price-jump': {
    code: 'FAILED_PRECONDITION',
    text: 'the new price is ten times the old one or more, or a tenth or less; set confirm_price to confirm it',
  },
};

const stayRefusals: Record<StayRefusal, RefusalStatus> = {
  'no-such-stay-request': { code: 'NOT_FOUND', text: 'no such stay request' },
  'own-request': {
    code: 'PERMISSION_DENIED',
    text: 'you cannot decide about your own stay; another host or administrator can',
  },
  'nights-taken': { code: 'FAILED_PRECONDITION', text: 'another stay or a block has some of these nights' },
  'already-decided': { code: 'FAILED_PRECONDITION', text: 'this stay request was decided or released before' },
  'not-cancellable': {
    code: 'FAILED_PRECONDITION',
    text: 'only a confirmed stay can be cancelled, before its check-out day',
  },
};

const managers = ['host', 'admin'] as const;

const manager = (caller: Caller): Manager => ({ userId: caller.id, admin: has(caller, 'admin') });

/** What is for sale is its host's alone, also where the caller is an administrator besides. */
const owner = ({ id: userId }: Caller): Manager => ({ userId, admin: false });

export function propertyRpc(ports: Ports): RpcService {
  return rpcService(proto.PropertyServiceService, {
    createProperty: command(['host'], {
      run: ({ name, address, timeZone, description, area, location, amenities, photos }, { id: ownerId }) =>
        usecases.registerProperty(ports, newId(), {
          ...{ ownerId, name, address, timeZone, description, area, photos },
          ...(location && { location }),
          amenities: amenitiesFrom(amenities),
        }),
      answer: toProperty,
      refusals: propertyRefusals,
      rate: listingChanges,
    }),
    updateProperty: command(['host'], {
      run: (request, caller) =>
        usecases.changeProperty(ports, request.propertyId, owner(caller), propertyChangesIn(request)),
      answer: toProperty,
      refusals: propertyRefusals,
      rate: listingChanges,
    }),
    closeProperty: command(['host'], {
      run: ({ propertyId }, caller) =>
        usecases.closeOrReopenProperty(ports, propertyId, owner(caller), 'CloseProperty'),
      answer: toProperty,
      refusals: propertyRefusals,
      rate: listingChanges,
    }),
    reopenProperty: command(['host'], {
      run: ({ propertyId }, caller) =>
        usecases.closeOrReopenProperty(ports, propertyId, owner(caller), 'ReopenProperty'),
      answer: toProperty,
      refusals: propertyRefusals,
      rate: listingChanges,
    }),
    listProperties: openQuery(async (request) => {
      const { items, nextPageToken } = await paged(request, async (page) =>
        (await ports.properties.list({}, page)).map(toProperty),
      );
      return { properties: items, nextPageToken };
    }),

    createRoom: command(['host'], {
      run: ({ propertyId, ...asked }, caller) => {
        const { name, capacity, instantBook, description, photos, beds } = asked;
        const terms = {
          ...{ name, capacity, instantBook, description, photos, beds },
          pricePerNight: fromProto(asked.pricePerNight),
          amenities: amenitiesFrom(asked.amenities),
        };
        return usecases.listRoom(ports, newId(), owner(caller), propertyId, terms);
      },
      answer: toRoom,
      refusals: roomRefusals,
      rate: listingChanges,
    }),
    updateRoom: command(['host'], {
      run: (request, caller) =>
        usecases.changeRoom(ports, request.roomId, owner(caller), {
          changes: changesIn(request),
          isPriceConfirmed: request.confirmPrice,
        }),
      answer: toRoom,
      refusals: roomRefusals,
      rate: listingChanges,
    }),
    closeRoom: command(['host'], {
      run: ({ roomId }, caller) => usecases.closeOrReopenRoom(ports, roomId, owner(caller), 'CloseRoom'),
      answer: toRoom,
      refusals: roomRefusals,
      rate: listingChanges,
    }),
    reopenRoom: command(['host'], {
      run: ({ roomId }, caller) => usecases.closeOrReopenRoom(ports, roomId, owner(caller), 'ReopenRoom'),
      answer: toRoom,
      refusals: roomRefusals,
      rate: listingChanges,
    }),
    listRooms: openQuery(async (request, caller) => {
      const filter = filterIn(request, caller?.id);
      const isByPrice = filter.order === 'price';
      const { items, nextPageToken } = await paged(
        request,
        async (page) =>
          (await ports.rooms.list(filter, page)).map((room) => ({ id: isByPrice ? pricePlace(room) : room.id, room })),
        ({ room }) => ({ ...toRoom(room), total: filter.stay && totalOf(room, filter.stay) }),
        isByPrice ? isPricePlace : validate,
      );
      return { rooms: items, nextPageToken };
    }),
    getRoom: openQuery(async ({ roomId }) => {
      const room = await ports.rooms.get(roomId);
      if (!room) throw notFound('room');
      return toRoom(room);
    }),

    getAvailability: openQuery(async (request) => {
      const nights = await usecases.availability(ports, existing(request));
      if (!nights) throw notFound('room');
      return { nights };
    }),
    blockNights: command(managers, {
      run: (request, caller) => usecases.blockNights(ports, manager(caller), existing(request)),
      answer: toRoom,
      refusals: roomRefusals,
      rate: listingChanges,
    }),
    unblockNights: command(managers, {
      run: (request, caller) => usecases.unblockNights(ports, manager(caller), existing(request)),
      answer: toRoom,
      refusals: roomRefusals,
      rate: listingChanges,
    }),

    listStayRequests: query(managers, async (request, caller) => {
      const { items, nextPageToken } = await paged(request, async (page) =>
        (await usecases.listStays(ports, manager(caller), wanted(request.status), page)).map(toStayRequest),
      );
      return { stayRequests: items, nextPageToken };
    }),
    getStayRequest: query(managers, async ({ reservationId }, caller) => {
      const seen = await usecases.readStay(ports, reservationId, manager(caller));
      if (!seen) throw notFound('stay request');
      return toStayRequest(seen);
    }),
    confirmStay: command(managers, {
      run: ({ reservationId }, caller) => usecases.confirmStay(ports, reservationId, manager(caller)),
      answer: toDecided,
      refusals: stayRefusals,
    }),
    rejectStay: command(managers, {
      run: ({ reservationId, text }, caller) => usecases.rejectStay(ports, reservationId, manager(caller), text),
      answer: toDecided,
      refusals: stayRefusals,
    }),
    cancelStay: command(managers, {
      run: ({ reservationId, text }, caller) => usecases.cancelStay(ports, reservationId, manager(caller), text),
      answer: toDecided,
      refusals: stayRefusals,
    }),
  });
}

/** The place of a room in a list by price. */
const pricePlace = ({ id, state }: StoredAggregate<Room>): string =>
  `${state.status === 'none' ? 0 : state.terms.pricePerNight.amount}/${id}`;
const isPricePlace = (place: string): boolean =>
  /^\d{1,15}\/[0-9a-f-]{36}$/.test(place) && validate(place.split('/')[1]);

const totalOf = ({ state }: StoredAggregate<Room>, { checkIn, checkOut }: NonNullable<RoomFilter['stay']>) =>
  state.status === 'none' ? undefined : toProto(times(state.terms.pricePerNight, daysBetween(checkIn, checkOut)));

const timesOf = ({ createdAt, updatedAt }: StoredAggregate<unknown>) => ({
  createTime: new Date(createdAt),
  updateTime: new Date(updatedAt),
});

function toProperty(kept: StoredAggregate<Property>): proto.Property {
  if (kept.state.status === 'none') throw new Error(`property ${kept.id} was answered before it was made`);
  const { details, isClosed: closed } = kept.state;
  return {
    id: kept.id,
    ...details,
    ...{ location: details.location, photos: [...details.photos], amenities: shownAmenities(details.amenities) },
    closed,
    ...timesOf(kept),
  };
}

const shownAmenities = (amenities: readonly Amenity[]): proto.Property_Amenity[] =>
  amenities.map((amenity) => proto.Property_Amenity[amenity]);

function toRoom(kept: StoredAggregate<Room>): proto.Room {
  if (kept.state.status === 'none') throw new Error(`room ${kept.id} was answered before it was made`);
  const { place, terms } = kept.state;
  const { propertyId, propertyName, ownerId, address, area, location, timeZone } = place;
  return {
    id: kept.id,
    ...terms,
    pricePerNight: toProto(terms.pricePerNight),
    photos: [...terms.photos],
    amenities: shownAmenities(terms.amenities),
    ...{ propertyId, propertyName, ownerId, address, area, location, timeZone },
    propertyAmenities: shownAmenities(place.amenities),
    closed: isOffSale(kept.state),
    total: undefined,
    ...timesOf(kept),
  };
}

/** The answer to a host's decision, in its transaction: a confirmed stay holds its nights, any other has released them. */
const toDecided = (request: StoredAggregate<StayRequest>): proto.StayRequest =>
  toStayRequest({ request, available: request.state.status !== 'confirmed' });

function toStayRequest({ request, available }: usecases.StayView): proto.StayRequest {
  const { id, state } = request;
  if (state.status === 'none' || state.status === 'tombstone')
    throw new Error(`stay request ${id} was answered before it was made`);
  const { roomId, guestId, checkIn, checkOut, guests } = state.stay;
  return {
    id,
    status: shown[state.status],
    roomId,
    guestId,
    checkIn,
    checkOut,
    guests,
    available,
    paymentStatus: state.payment?.status ?? '',
    ...reasonOf(state),
    ...timesOf(request),
  };
}

function reasonOf(state: StayRequest): { reason: string; reasonText: string } {
  if (state.status === 'rejected') return { reason: state.reason, reasonText: state.text };
  if (state.status === 'released' && state.byHost)
    return { reason: 'CANCELLED_BY_HOST', reasonText: state.byHost.text };
  return { reason: '', reasonText: '' };
}

const shown = {
  pending: proto.StayRequest_Status.PENDING,
  confirmed: proto.StayRequest_Status.CONFIRMED,
  rejected: proto.StayRequest_Status.REJECTED,
  released: proto.StayRequest_Status.RELEASED,
} as const;

/** The status to filter by; none for STATUS_UNSPECIFIED, which means all. */
const wanted = (status: proto.StayRequest_Status) =>
  (Object.keys(shown) as (keyof typeof shown)[]).find((word) => shown[word] === status);
