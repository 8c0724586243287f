import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import { block, type Block, type BlockRefusal } from './block.ts';
import { cafe, seatIn, type Cafe, type CafeChange, type CafeRefusal, type Place, type Terms } from './cafe.ts';
import type { Ports, Watch } from './ports.ts';
import type { RegistrationInput, Wish } from './registration.ts';
import { changedSeats, seatMap, type SeatSeen } from './seat-map.ts';
import type { Period } from './times.ts';

export const openCafe = (
  { cafes }: Pick<Ports, 'cafes'>,
  id: string,
  place: Place,
  terms: Terms,
): Promise<Updated<Cafe, CafeRefusal>> =>
  cafes.update(id, (state) => cafe.decide(state, { type: 'OpenCafe', place, terms }));

export const changeCafe = ({ cafes }: Ports, id: string, change: CafeChange): Promise<Updated<Cafe, CafeRefusal>> =>
  cafes.update(id, (state) => cafe.decide(state, { type: 'ChangeCafe', ...change }));

/** Takes a cafe off sale, or puts it back (B2). */
export const closeOrReopenCafe = (
  { cafes }: Ports,
  id: string,
  type: 'CloseCafe' | 'ReopenCafe',
): Promise<Updated<Cafe, CafeRefusal>> => cafes.update(id, (state) => cafe.decide(state, { type }));

/** Takes a seat off the market for a time (C6). */
export const blockSeat = (ports: Ports, { cafeId, seatId, period }: Wish): Promise<Updated<Block, BlockRefusal>> =>
  ports.blocks.update(
    seatId,
    (state, { found, taken }) =>
      block.decide(state, { type: 'BlockSeat', seat: seatIn(found, seatId), period, taken, at: ports.now() }),
    async () => ({ found: await cafeOf(ports, cafeId), taken: await ports.occupancy.taken(seatId, period) }),
  );

export const unblockSeat = (ports: Ports, { cafeId, seatId, period }: Wish): Promise<Updated<Block, BlockRefusal>> =>
  ports.blocks.update(
    seatId,
    (state, found) =>
      block.decide(state, { type: 'UnblockSeat', seat: seatIn(found, seatId), period, at: ports.now() }),
    () => cafeOf(ports, cafeId),
  );

/** The wish for a seat, with all that its decision needs. */
export async function holdSeat(ports: Ports, kind: string, wish: Wish): Promise<RegistrationInput> {
  const [found, taken] = await Promise.all([
    cafeOf(ports, wish.cafeId),
    ports.occupancy.taken(wish.seatId, wish.period),
  ]);
  return { type: 'HoldSeat', kind, wish, cafe: found, taken, at: ports.now() };
}

/** Every seat with its state in `period` (C5). */
export const readSeats = async (
  { occupancy }: Pick<Ports, 'occupancy'>,
  found: StoredAggregate<Cafe>,
  period: Period,
): Promise<SeatSeen[]> => seatMap(found, await occupancy.holds(seatIdsOf(found.state), period));

export type Seen =
  | { type: 'snapshot'; seats: readonly SeatSeen[] }
  | { type: 'change'; seat: SeatSeen }
  | { type: 'heartbeat' };

/** The whole map first, then each seat that changes (C5). */
export async function* watchSeats(watch: Watch, found: StoredAggregate<Cafe>, period: Period): AsyncIterable<Seen> {
  let told: readonly SeatSeen[] | undefined;
  for await (const sight of watch.of(found, period)) {
    if (sight === 'quiet') {
      yield { type: 'heartbeat' };
      continue;
    }
    if (!told) yield { type: 'snapshot', seats: sight };
    else for (const seat of changedSeats(told, sight)) yield { type: 'change', seat };
    told = sight;
  }
}

const cafeOf = async ({ cafes }: Ports, id: string): Promise<Cafe> => (await cafes.get(id))?.state ?? cafe.initial;

const seatIdsOf = (state: Cafe): string[] => (state.status === 'open' ? state.place.seats.map(({ id }) => id) : []);
