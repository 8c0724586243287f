import type { Pool } from 'pg';
import type { Instant } from '#kernel/time.ts';
import { keyOf, type Envelope } from '#adapters/bus/messages.ts';
import { withTimeout } from '#adapters/mikro-orm/database.ts';
import { mapDatabaseErrors } from '#adapters/mikro-orm/store.ts';
import { has, type Caller, type Role } from '#adapters/rpc/rpc.ts';
import { StaffRolesSet } from '#proto/jari/identity/v1/messages.ts';

/** Roles that administrators give and take. */
const staffRoles: readonly Role[] = ['dealer', 'courier', 'agent', 'admin'];

const type = 'jari.identity.v1.StaffRolesSet';

/** Every service listens to it, whatever its business. */
export const staffRolesSetKey = keyOf(type);

/** The staff roles that identity last said a person has, and since when; undefined where it never said any. */
export type StaffRolesOf = (person: string) => Promise<{ roles: readonly string[]; since: Instant } | undefined>;

export const staffRolesIn =
  (pool: Pool): StaffRolesOf =>
  async (person) => {
    const text = 'select roles, extract(epoch from set_at) * 1000 since from staff_roles where person = $1';
    const { rows } = await mapDatabaseErrors(() =>
      pool.query<{ roles: string[]; since: string }>(withTimeout({ text, values: [person] })),
    );
    return rows[0] && { roles: rows[0].roles, since: Number(rows[0].since) };
  };

/** Keeps what identity says; what it said before, and arrives later, changes nothing. */
export async function keepStaffRoles(pool: Pool, { payload }: Envelope): Promise<void> {
  const { personId, roles, setTime } = StaffRolesSet.decode(payload);
  if (!personId || !setTime) throw new TypeError(`${type} without person_id or set_time`);
  const text = `insert into staff_roles values ($1, $2, $3)
    on conflict (person) do update set roles = excluded.roles, set_at = excluded.set_at where excluded.set_at > staff_roles.set_at`;
  await mapDatabaseErrors(() => pool.query(withTimeout({ text, values: [personId, JSON.stringify(roles), setTime] })));
}

export const isStaff = (caller: Caller): boolean => has(caller, ...staffRoles);

/** The caller without the staff roles that were taken away since the token was issued: a token keeps its roles for minutes. */
export async function withRolesOfToday(caller: Caller, staffRolesOf: StaffRolesOf): Promise<Caller> {
  if (!isStaff(caller)) return caller;
  const today = await staffRolesOf(caller.id);
  if (!today || (caller.issued ?? 0) >= today.since) return caller;
  return { ...caller, roles: caller.roles.filter((role) => !staffRoles.includes(role) || today.roles.includes(role)) };
}
