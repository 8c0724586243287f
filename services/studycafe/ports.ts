import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';
import type { Block, BlockEvent, BlockRefusal } from './block.ts';
import type { Cafe, CafeEvent, CafeRefusal } from './cafe.ts';
import type { Hold, SeatSeen } from './seat-map.ts';
import type { Period, Taken } from './times.ts';

export interface Cafes {
  get(id: string): Promise<StoredAggregate<Cafe> | undefined>;
  /** Newest first, at most `size`, only ids below `after`. `area` and `text` are words that all must be there. */
  list(
    filter: { area?: string; text?: string; seesClosed: boolean },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Cafe>[]>;
  update(id: string, decide: (state: Cafe) => Decision<CafeEvent, CafeRefusal>): Promise<Updated<Cafe, CafeRefusal>>;
  /** Of every cafe there is. */
  ids(): Promise<string[]>;
}

export interface Blocks {
  /** Decides by what `facts` reads, and again when another writer was first. */
  update<Facts>(
    seatId: string,
    decide: (state: Block, facts: Facts) => Decision<BlockEvent, BlockRefusal>,
    facts: () => Promise<Facts>,
  ): Promise<Updated<Block, BlockRefusal>>;
}

/** Who holds which half-hours. */
export interface Occupancy {
  taken(seatId: string, period: Period): Promise<Taken>;
  /** Of all these seats, in that time. */
  holds(seatIds: readonly string[], period: Period): Promise<Hold[]>;
}

/** Lets one look at a seat map for as long as one likes. */
export interface Watch {
  /** The seat map, then the map after each change; `quiet` after a while without one. Throws when it cannot be read any more. */
  of(cafe: StoredAggregate<Cafe>, period: Period): AsyncIterable<readonly SeatSeen[] | 'quiet'>;
}

export interface Ports {
  cafes: Cafes;
  blocks: Blocks;
  occupancy: Occupancy;
  now(): Instant;
}
