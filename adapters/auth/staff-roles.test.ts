import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { jarService } from '#adapters/host/jar-service.fixture.ts';
import { testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import type { Caller, Role } from '#adapters/rpc/rpc.ts';
import { isSuspendedBy, staffRolesIn, withRolesOfToday } from './staff-roles.ts';
import { sayOf } from './testing.ts';

let on: TestStore;
beforeAll(async () => {
  on = await testStore(jarService());
});
afterAll(() => on.close());

const noon = Date.UTC(2027, 0, 1, 12);
const said = (personId: string, roles: Role[], at: number, suspended = false): Promise<void> =>
  sayOf(on.database.pool, personId, { roles, at, suspended });
const holder = (id: string, issued: number | undefined, ...roles: Role[]): Caller => ({
  id,
  roles,
  ...(issued !== undefined && { issued }),
});
const rolesOf = async (caller: Caller) => (await withRolesOfToday(caller, staffRolesIn(on.database.prepared))).roles;

describe('a token with staff roles (I3)', () => {
  test('loses those that were taken away since it was issued, and no other role', async () => {
    const id = newId();
    await said(id, ['courier'], noon);
    const token = holder(id, noon - 1_000, 'customer', 'host', 'courier', 'agent', 'admin');
    expect(await rolesOf(token)).toEqual(['customer', 'host', 'courier']);
    expect(await rolesOf(holder(id, undefined, 'agent'))).toEqual([]);
  });
  test('gets no role that it does not name', async () => {
    const id = newId();
    await said(id, ['courier', 'agent'], noon);
    expect(await rolesOf(holder(id, noon - 1_000, 'customer', 'agent'))).toEqual(['customer', 'agent']);
  });
  test('is believed when it was issued later, and where nothing was said of its person', async () => {
    const id = newId();
    await said(id, [], noon);
    expect(await rolesOf(holder(id, noon + 1_000, 'agent'))).toEqual(['agent']);
    expect(await rolesOf(holder(newId(), noon, 'agent'))).toEqual(['agent']);
  });
  test('has them again when they are given back; what was said before and arrives later changes nothing', async () => {
    const id = newId();
    await said(id, ['agent'], noon + 2);
    await said(id, [], noon + 1);
    expect(await rolesOf(holder(id, noon, 'agent'))).toEqual(['agent']);
    await said(id, [], noon + 3);
    expect(await rolesOf(holder(id, noon, 'agent'))).toEqual([]);
  });
  test('says of its person whether they are suspended now, of many at once', async () => {
    const [suspended, restored, nobody] = [newId(), newId(), newId()];
    await said(suspended, [], noon, true);
    await said(restored, [], noon, true);
    await said(restored, ['agent'], noon + 1);
    const known = staffRolesIn(on.database.prepared);
    const all = [suspended, restored, nobody].map((person) => isSuspendedBy(known, person));
    expect(await Promise.all(all)).toEqual([true, false, false]);
  });
  test('of nobody, or without a time, is refused as a message', async () => {
    await expect(said('', [], noon)).rejects.toThrow('without person_id');
  });
});
