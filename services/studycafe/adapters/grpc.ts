import type { StoredAggregate } from '#kernel/aggregate.ts';
import { newId } from '#kernel/ids.ts';
import { notFound, statusOf } from '#adapters/rpc/errors.ts';
import { fromProto, toProto } from '#adapters/rpc/money.ts';
import { paged } from '#adapters/rpc/page.ts';
import {
  command,
  has,
  openQuery,
  openStream,
  rpcService,
  type RefusalStatus,
  type RpcService,
} from '#adapters/rpc/rpc.ts';
import { listingChanges } from '#adapters/rpc/rate.ts';
import * as proto from '#proto/jari/studycafe/v1/studycafe.ts';
import type { Block, BlockRefusal } from '../block.ts';
import type { Cafe, CafeRefusal, Feature, Place, Terms } from '../cafe.ts';
import type { Ports, Watch } from '../ports.ts';
import type { Wish } from '../registration.ts';
import type { SeatSeen, SeatState } from '../seat-map.ts';
import type { Period } from '../times.ts';
import * as usecases from '../usecases.ts';
import {
  amenitiesFrom,
  changesIn,
  labels,
  longestBlock,
  longestLook,
  onTheGrid,
  periodOf,
  refuseAny,
} from './requests.ts';

const cafeRefusals: Record<CafeRefusal, RefusalStatus> = {
  'no-such-cafe': { code: 'NOT_FOUND', text: 'no such cafe' },
  'closes-before-it-opens': { code: 'INVALID_ARGUMENT', text: 'must be after opens', field: 'closes' },
  'price-jump': {
    code: 'FAILED_PRECONDITION',
    text: 'the new price is ten times the old one or more, or a tenth or less; set confirm_price to confirm it',
  },
};

const blockRefusals: Record<BlockRefusal, RefusalStatus> = {
  'no-such-seat': { code: 'NOT_FOUND', text: 'no such seat' },
  'time-passed': { code: 'INVALID_ARGUMENT', text: 'must be in the future', field: 'end_time' },
  'too-far-ahead': { code: 'INVALID_ARGUMENT', text: 'must be on {latest} or earlier', field: 'end_time' },
  'seat-taken': { code: 'FAILED_PRECONDITION', text: 'the seat is held or registered in this period' },
};

/** `until(signal)` watches for a caller until that caller leaves. */
export function studycafeRpc(ports: Ports, until: (signal: AbortSignal) => Watch): RpcService {
  return rpcService(proto.StudycafeServiceService, {
    createCafe: command(['admin'], {
      run: (request) => {
        refuseAny(labels(request.seats));
        return usecases.openCafe(ports, newId(), placeOf(request), termsOf(request));
      },
      answer: toCafe,
      refusals: cafeRefusals,
      rate: listingChanges,
    }),
    listCafes: openQuery(async (request, caller) => {
      const { area, q: text } = request;
      const filter = { area, text, seesClosed: caller !== undefined && has(caller, 'admin') };
      const { items, nextPageToken } = await paged(request, (page) => ports.cafes.list(filter, page), toCafe);
      return { cafes: items, nextPageToken };
    }),
    getCafe: openQuery(async ({ cafeId }) => toCafe((await existing(ports, cafeId)).found)),
    updateCafe: command(['admin'], {
      run: (request) =>
        usecases.changeCafe(ports, request.cafeId, {
          changes: changesIn(request),
          isPriceConfirmed: request.confirmPrice,
        }),
      answer: toCafe,
      refusals: cafeRefusals,
      rate: listingChanges,
    }),
    closeCafe: command(['admin'], {
      run: ({ cafeId }) => usecases.closeOrReopenCafe(ports, cafeId, 'CloseCafe'),
      answer: toCafe,
      refusals: cafeRefusals,
      rate: listingChanges,
    }),
    reopenCafe: command(['admin'], {
      run: ({ cafeId }) => usecases.closeOrReopenCafe(ports, cafeId, 'ReopenCafe'),
      answer: toCafe,
      refusals: cafeRefusals,
      rate: listingChanges,
    }),

    listSeats: openQuery(async (request) => {
      const { found, period } = await looked(ports, request);
      return { seats: (await usecases.readSeats(ports, found, period)).map(toSeat) };
    }),
    watchSeats: openStream((request: proto.WatchSeatsRequest, signal) => watch(ports, until(signal), request)),

    blockSeat: command(['admin'], {
      run: async (request) => usecases.blockSeat(ports, await wishOf(ports, request)),
      answer: (after: StoredAggregate<Block>) => toBlocked(after, 'BLOCKED'),
      refusals: blockRefusals,
    }),
    unblockSeat: command(['admin'], {
      run: async (request) => usecases.unblockSeat(ports, await wishOf(ports, request)),
      answer: (after: StoredAggregate<Block>) => toBlocked(after, 'FREE'),
      refusals: blockRefusals,
    }),
  });
}

async function existing({ cafes }: Ports, id: string): Promise<{ found: StoredAggregate<Cafe>; zone: string }> {
  const found = await cafes.get(id);
  if (found?.state.status !== 'open') throw notFound('cafe');
  return { found, zone: found.state.place.timeZone };
}

async function looked(
  ports: Ports,
  request: proto.ListSeatsRequest | proto.WatchSeatsRequest,
): Promise<{ found: StoredAggregate<Cafe>; period: Period }> {
  const { found, zone } = await existing(ports, request.cafeId);
  const period = periodOf(request);
  refuseAny(onTheGrid(period, longestLook, zone));
  return { found, period };
}

async function wishOf(ports: Ports, request: proto.BlockSeatRequest | proto.UnblockSeatRequest): Promise<Wish> {
  const { zone } = await existing(ports, request.cafeId);
  const period = periodOf(request);
  refuseAny(onTheGrid(period, longestBlock, zone));
  return { cafeId: request.cafeId, seatId: request.seatId, period };
}

/** A stream that has begun sends the reason of its end as an event: HTTP/1.1 clients do not see a status that comes after. */
async function* watch(
  ports: Ports,
  eyes: Watch,
  request: proto.WatchSeatsRequest,
): AsyncIterable<proto.WatchSeatsResponse> {
  const { found, period } = await looked(ports, request);
  let begun = false;
  try {
    for await (const seen of usecases.watchSeats(eyes, found, period)) {
      yield { event: eventOf(seen) };
      begun = true;
    }
  } catch (error) {
    if (begun) yield { event: { $case: 'error', value: statusOf(error) } };
    throw error;
  }
}

function eventOf(seen: usecases.Seen): proto.WatchSeatsResponse['event'] {
  switch (seen.type) {
    case 'snapshot':
      return { $case: 'snapshot', value: { seats: seen.seats.map(toSeat) } };
    case 'change':
      return { $case: 'change', value: toSeat(seen.seat) };
    case 'heartbeat':
      return { $case: 'heartbeat', value: { at: new Date() } };
  }
}

const termsOf = (request: proto.CreateCafeRequest): Terms => {
  const { name, opens, closes, description, area, location, photos } = request;
  return {
    ...{ name, opens, closes, description, area, photos },
    ...(location && { location }),
    pricePerHour: fromProto(request.pricePerHour),
    amenities: amenitiesFrom(request.amenities),
  };
};

const placeOf = ({ address, timeZone, seats }: proto.CreateCafeRequest): Place => ({
  address,
  timeZone,
  seats: seats.map((seat) => ({
    ...seat,
    id: newId(),
    features: seat.features.flatMap((feature) => featureOf.get(feature) ?? []),
  })),
});

function toCafe({ id, state, createdAt, updatedAt }: StoredAggregate<Cafe>): proto.Cafe {
  if (state.status === 'none') throw new Error(`cafe ${id} was answered before it was made`);
  const { place, terms, isClosed: closed } = state;
  return {
    id,
    ...terms,
    location: terms.location,
    photos: [...terms.photos],
    amenities: terms.amenities.map((amenity) => proto.Cafe_Amenity[amenity]),
    closed,
    address: place.address,
    timeZone: place.timeZone,
    pricePerHour: toProto(terms.pricePerHour),
    createTime: new Date(createdAt),
    updateTime: new Date(updatedAt),
  };
}

function toBlocked({ id, state }: StoredAggregate<Block>, blocked: SeatState): proto.Seat {
  if (state.status === 'none') throw new Error(`seat ${id} was answered before it was blocked`);
  return toSeat({ ...state.seat, state: blocked });
}

const toSeat = (seat: SeatSeen): proto.Seat => ({
  ...seat,
  features: seat.features.map((feature) => proto.Seat_Feature[feature]),
  state: proto.Seat_State[seat.state],
});

const featureOf: ReadonlyMap<proto.Seat_Feature, Feature> = new Map([
  [proto.Seat_Feature.WINDOW, 'WINDOW'],
  [proto.Seat_Feature.OUTLET, 'OUTLET'],
  [proto.Seat_Feature.QUIET, 'QUIET'],
]);
