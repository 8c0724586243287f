import type { StaffRolesOf } from '#adapters/auth/staff-roles.ts';
import type { MayDeliver } from '../ports.ts';

/**
 * Who may deliver, by what identity said of the person's roles. Of whom it never said any has none, unless tokens also come from elsewhere: then
 * nobody can tell.
 */
export const mayDeliverBy =
  (staffRolesOf: StaffRolesOf, { byIdentityAlone }: { byIdentityAlone: boolean }): MayDeliver =>
  async (personId) => {
    const known = await staffRolesOf(personId);
    return known ? known.roles.includes('courier') || known.roles.includes('admin') : !byIdentityAlone;
  };
