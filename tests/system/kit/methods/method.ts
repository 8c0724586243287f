import type { JsonObject } from '@bufbuild/protobuf';
import { v7 } from 'uuid';
import { roles, type Role } from '#adapters/rpc/rpc.ts';
import { day } from '../lodging.ts';

/** A request that nothing is wrong with, except that what it names does not exist where the call would change it. */
export interface Sound {
  /** Who calls, as the token command takes it. */
  by: string;
  request: JsonObject;
  /** Fields that may be missing. */
  optional?: readonly string[];
}

/** Who may call a method; with `host`, `customer` … only what is their own. */
export type Access = typeof anyone | readonly Role[];

/** The methods of a service, by `LodgingService.CreateReservation`. One that only services call has no sound request. */
export type Methods = Readonly<Record<string, { may: Access } & (Sound | { by?: never })>>;

export const anyone = 'anyone';
export const signedIn = roles;

export const id = (): string => v7();
export const noon = { start_time: `${day(40)}T03:00:00Z`, end_time: `${day(40)}T05:00:00Z` };
export const won = (units: string): JsonObject => ({ currency_code: 'KRW', units, nanos: 0 });
export const here = { latitude: 37.5, longitude: 127 };
export const paged = { page_size: 5, page_token: '' };

// Fields that may be missing.
export const page = ['page_size', 'page_token'];
export const agreed = ['agreed_total', 'agreed_total.units', 'agreed_total.nanos'];
export const inOrder = ['payment_method_id', ...agreed];
export const inLocation = ['location.latitude', 'location.longitude'];
export const whereabouts = ['area', 'location', ...inLocation];
export const listed = ['description', 'photos'];
