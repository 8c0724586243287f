import type { Pool } from 'pg';
import type { Instant } from '#kernel/time.ts';
import { event } from '#adapters/bus/messages.ts';
import { envelopeFor } from '#adapters/mikro-orm/testing.ts';
import { StaffRolesSet } from '#proto/jari/identity/v1/messages.ts';
import { keepStaffRoles } from './staff-roles.ts';

/** Brings what identity says of a person to a service's database. */
export function sayOf(
  pool: Pool,
  personId: string,
  { roles = [], suspended = false, at = Date.now() }: { roles?: string[]; suspended?: boolean; at?: Instant },
): Promise<void> {
  const body = { personId, roles, suspended, setTime: new Date(at) };
  return keepStaffRoles(
    pool,
    envelopeFor(event('jari.identity.v1.StaffRolesSet', StaffRolesSet, personId, body), 'identity'),
  );
}
