import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import { isSameOffer, type About, type Whereabouts } from '#kernel/listing.ts';

/** Who asks: hosts manage what is theirs, administrators everything. */
export interface Manager {
  userId: string;
  admin: boolean;
}

export const manages = (by: Manager, ownerId: string): boolean => by.admin || by.userId === ownerId;

/** What guests find in a property or a room. */
export const amenities = [
  'WIFI',
  'PARKING',
  'BREAKFAST',
  'KITCHEN',
  'AIR_CONDITIONING',
  'HEATED_FLOOR',
  'WASHER',
  'BATHTUB',
  'OCEAN_VIEW',
  'MOUNTAIN_VIEW',
  'BARBECUE',
  'POOL',
  'PETS_ALLOWED',
  'WHEELCHAIR_ACCESSIBLE',
] as const;
export type Amenity = (typeof amenities)[number];

/** What a host may change of a property at any time. */
export interface Description extends About, Whereabouts {
  name: string;
  address: string;
  amenities: readonly Amenity[];
}

export interface PropertyDetails extends Description {
  /** User id of the host. */
  ownerId: string;
  /** IANA name; the nights of its rooms are days there. */
  timeZone: string;
}

/** A property (숙소): a pension, a hanok, a hotel with rooms to let. `isClosed`: its rooms cannot be reserved any more. */
export type Property = { status: 'none' } | { status: 'registered'; details: PropertyDetails; isClosed: boolean };

export type PropertyInput =
  | { type: 'RegisterProperty'; details: PropertyDetails }
  | { type: 'ChangeProperty'; by: Manager; changes: Partial<Description> }
  | { type: 'CloseProperty'; by: Manager }
  | { type: 'ReopenProperty'; by: Manager };

export type PropertyEvent =
  | { type: 'PropertyRegistered'; details: PropertyDetails }
  | { type: 'PropertyChanged'; details: PropertyDetails }
  | { type: 'PropertyClosed' }
  | { type: 'PropertyReopened' };

export type PropertyRefusal = 'no-such-property';

function decide(state: Property, input: PropertyInput): Decision<PropertyEvent, PropertyRefusal> {
  if (input.type === 'RegisterProperty')
    return state.status === 'none' ? accept({ type: 'PropertyRegistered', details: input.details }) : accept();
  if (state.status === 'none' || !manages(input.by, state.details.ownerId)) return refuse('no-such-property'); // hidden from others
  switch (input.type) {
    case 'ChangeProperty': {
      const details = { ...state.details, ...input.changes };
      return isSameOffer(state.details, details) ? accept() : accept({ type: 'PropertyChanged', details });
    }
    case 'CloseProperty':
      return state.isClosed ? accept() : accept({ type: 'PropertyClosed' });
    case 'ReopenProperty':
      return state.isClosed ? accept({ type: 'PropertyReopened' }) : accept();
  }
}

function evolve(state: Property, event: PropertyEvent): Property {
  if (event.type === 'PropertyRegistered') return { status: 'registered', details: event.details, isClosed: false };
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'PropertyChanged':
      return { ...state, details: event.details };
    case 'PropertyClosed':
      return { ...state, isClosed: true };
    case 'PropertyReopened':
      return { ...state, isClosed: false };
  }
}

export const property: Decider<Property, PropertyInput, PropertyEvent, PropertyRefusal> = {
  initial: { status: 'none' },
  defaults: {
    details: { description: () => '', photos: () => [], area: () => '', amenities: () => [] },
    isClosed: () => false,
  },
  decide,
  evolve,
};
