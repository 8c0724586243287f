import { accept, type Decider, type Decision } from '#kernel/decision.ts';

/** Who asks: hosts manage what is theirs, administrators everything. */
export interface Manager {
  userId: string;
  admin: boolean;
}

export const manages = (by: Manager, ownerId: string): boolean => by.admin || by.userId === ownerId;

export interface PropertyDetails {
  /** User id of the host. */
  ownerId: string;
  name: string;
  address: string;
  /** IANA name; the nights of its rooms are days there. */
  timeZone: string;
}

/** A property (숙소): a pension, a hanok, a hotel with rooms to let. */
export type Property = { status: 'none' } | { status: 'registered'; details: PropertyDetails };

export type PropertyInput = { type: 'RegisterProperty'; details: PropertyDetails };

export type PropertyEvent = { type: 'PropertyRegistered'; details: PropertyDetails };

function decide(state: Property, input: PropertyInput): Decision<PropertyEvent, never> {
  return state.status === 'none' ? accept({ type: 'PropertyRegistered', details: input.details }) : accept();
}

function evolve(_: Property, event: PropertyEvent): Property {
  return { status: 'registered', details: event.details };
}

export const property: Decider<Property, PropertyInput, PropertyEvent, never> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
