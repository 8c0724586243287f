import { accept, type Decider, type Decision } from '#kernel/decision.ts';

/** A place on the Earth, in degrees. */
export interface Location {
  latitude: number;
  longitude: number;
}

export interface DealershipDetails {
  name: string;
  location: Location;
  /** Orders that it takes in a day, at most. */
  dailyCapacity: number;
  /** User id of the dealer. */
  dealerId: string;
}

/** A dealership (대리점): hands over phones, and activates them. */
export type Dealership = { status: 'none' } | { status: 'open'; details: DealershipDetails };

export type DealershipInput =
  /** A sample dealership: no order waits for it yet. */
  { type: 'ListDealership'; details: DealershipDetails } | { type: 'OpenDealership'; details: DealershipDetails };

export type DealershipEvent = { type: 'DealershipListed' | 'DealershipOpened'; details: DealershipDetails };

function decide(state: Dealership, { type, details }: DealershipInput): Decision<DealershipEvent, never> {
  if (state.status !== 'none') return accept();
  return accept({ type: type === 'ListDealership' ? 'DealershipListed' : 'DealershipOpened', details });
}

export const dealership: Decider<Dealership, DealershipInput, DealershipEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve: (_, { details }) => ({ status: 'open', details }),
};
