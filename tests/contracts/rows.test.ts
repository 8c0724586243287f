import { describe, expect, test } from '@jest/globals';
import { differences, homes, recorded, tables } from './rows.ts';

const versions = recorded();

describe('rows that an earlier version wrote', () => {
  test.each(versions)('of $version are states of today, for each aggregate and each status', async ({ rows }) => {
    expect(await differences(rows)).toEqual([]);
  });
  test('that lack a field without a default are told by aggregate, row and field', async () => {
    const [{ rows }] = versions as [(typeof versions)[0]];
    const [room] = rows['lodging/room'] as [{ status: string; room: { capacity?: number } }];
    const { capacity: _, ...older } = room.room;
    const [difference, ...more] = await differences({ 'lodging/room': [room, { ...room, room: older }] });
    expect(difference).toMatch(/^lodging\/room, row 2: .*/);
    expect([difference, ...more].join()).toContain("'capacity'");
  });
  test('are looked for in every table that holds states', async () => {
    expect([...(await homes()).keys()].sort()).toEqual((await tables()).sort());
    for (const { rows } of versions) expect(Object.values(rows).every((states) => states.length > 0)).toBe(true);
  });
});
