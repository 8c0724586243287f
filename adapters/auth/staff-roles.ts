import type { Pool } from 'pg';
import type { Instant } from '#kernel/time.ts';
import { keyOf, type Envelope } from '#adapters/bus/messages.ts';
import { batched } from '#adapters/mikro-orm/batched.ts';
import { withTimeout } from '#adapters/mikro-orm/database.ts';
import type { PreparedPool } from '#adapters/mikro-orm/sessions.ts';
import { mapDatabaseErrors } from '#adapters/mikro-orm/store.ts';
import { has, type Caller, type Role } from '#adapters/rpc/rpc.ts';
import { StaffRolesSet } from '#proto/jari/identity/v1/messages.ts';

/** Roles that administrators give and take. */
const staffRoles: readonly Role[] = ['dealer', 'courier', 'agent', 'admin'];

const type = 'jari.identity.v1.StaffRolesSet';

/** Every service listens to it, whatever its business. */
export const staffRolesSetKey = keyOf(type);

/** What identity last said of a person. */
export interface Standing {
  /** Their staff roles. */
  roles: readonly string[];
  isSuspended: boolean;
  since: Instant;
}

/** Undefined where identity never said any. */
export type StaffRolesOf = (person: string) => Promise<Standing | undefined>;

/** Whether what a person offers is not on sale. */
export const isSuspendedBy = async (staffRolesOf: StaffRolesOf, person: string): Promise<boolean> =>
  (await staffRolesOf(person))?.isSuspended ?? false;

/** For searches: the id in that column is of nobody who is suspended. They are read once, and not looked up for each row. */
export const notSuspended = (column: string): string =>
  `kept.${column}::text <> all(array(select person::text from staff_roles where suspended))`;

export function staffRolesIn(pool: PreparedPool): StaffRolesOf {
  const read = batched(
    (person: string) => person,
    async (people) => {
      const query = withTimeout({
        name: 'staff-roles',
        text: `select person, roles, suspended, extract(epoch from set_at) * 1000 since from staff_roles where person = any($1::uuid[])`,
        values: [people],
      });
      const { rows } = await pool.query<{ person: string; roles: string[]; suspended: boolean; since: string }>(query);
      return new Map(
        rows.map(({ person, roles, suspended, since }) => [
          person,
          { roles, isSuspended: suspended, since: Number(since) },
        ]),
      );
    },
  );
  return (person) => mapDatabaseErrors(() => read(person));
}

/** Keeps what identity says; what it said before, and arrives later, changes nothing. */
export async function keepStaffRoles(pool: Pool, { payload }: Envelope): Promise<void> {
  const { personId, roles, suspended, setTime } = StaffRolesSet.decode(payload);
  if (!personId || !setTime) throw new TypeError(`${type} without person_id or set_time`);
  const text = `insert into staff_roles (person, roles, set_at, suspended) values ($1, $2, $3, $4)
    on conflict (person) do update set roles = excluded.roles, set_at = excluded.set_at, suspended = excluded.suspended
    where excluded.set_at > staff_roles.set_at`;
  const values = [personId, JSON.stringify(roles), setTime, suspended];
  await mapDatabaseErrors(() => pool.query(withTimeout({ text, values })));
}

export const isStaff = (caller: Caller): boolean => has(caller, ...staffRoles);

/** The caller without the staff roles that were taken away since the token was issued: a token keeps its roles for minutes. */
export async function withRolesOfToday(caller: Caller, staffRolesOf: StaffRolesOf): Promise<Caller> {
  if (!isStaff(caller)) return caller;
  const today = await staffRolesOf(caller.id);
  if (!today || (caller.issued ?? 0) >= today.since) return caller;
  return { ...caller, roles: caller.roles.filter((role) => !staffRoles.includes(role) || today.roles.includes(role)) };
}
