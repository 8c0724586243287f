import { describe, expect, test } from '@jest/globals';
import type { Injector } from '../injector.ts';
import { told } from '../journal.ts';
import type { Native } from '../native.ts';
import { underLoad, type Run } from '../under-load.ts';
import { invariants } from './invariants.ts';
import { preorders } from './preorders.ts';
import type { Snapshot } from './snapshot.ts';
import { appliedDuring, kills, killsAmid, silentInventory, slowInventory } from './troubles.ts';

/** What must hold of pre-orders that come in at a steady rate, whatever fails meanwhile; `npm run soak` shows it at length (P8–P11). */
export const preordersUnderLoad = (place: Native): void => {
  const minute = 60_000;
  const holds = ({ report, surprises }: Run): void =>
    expect({ violations: report.violations, surprises }).toEqual({ violations: {}, surprises: [] });

  test.each<[string, (inject: Injector) => Promise<string[]>]>([
    ['answers nothing', (inject) => silentInventory(place, inject, 5_000)],
    ['holds too slowly, though it shows its phones as ever', () => slowInventory(place, 5_000)],
  ])(
    'inventory %s: customers hear at once to come again, nothing is kept or leaks, and all are served once it is well (P10)',
    async (_, trouble) => {
      const run = await underLoad(place, preorders, 5, trouble);
      holds(run);
      expect(Math.round(run.report.asked * (1 - run.report.atOnce))).toBeGreaterThanOrEqual(10); // had to come again
      expect(run.report.accepted).toBeGreaterThan(25);
    },
    3 * minute,
  );

  test(
    'the broker is away: all who apply are accepted at once, and all come to rest when it is back, the cancelled ones too (P8, P9)',
    async () => {
      const run = await underLoad(place, preorders, 12, ({ strike }) => strike('rabbitmq', 4_000));
      holds(run);
      const { accepted, notAtOnce } = appliedDuring(run);
      expect(accepted).toBeGreaterThanOrEqual(50);
      expect(notAtOnce).toBeLessThanOrEqual(2); // a busy machine may keep one waiting too long; none in the soak
      for (const state of ['assigned', 'accepted', 'activated', 'cancelled'])
        expect(run.report.states[state]).toBeGreaterThan(0);
    },
    3 * minute,
  );

  describe('preorder and inventory are killed, a dozen times', () => {
    let snapshot: Snapshot;

    test(
      'nothing is lost, no stock leaks, and each step is one message (P10, P11)',
      async () => {
        const run = await underLoad(place, preorders, 10, (inject) => kills(place, inject, 12));
        snapshot = run.snapshot;
        holds(run);
        expect(run.faults.length).toBeGreaterThanOrEqual(12);
        expect(killsAmid(run)).toBeGreaterThanOrEqual(6);
        expect(run.report.accepted).toBeGreaterThan(80);
      },
      3 * minute,
    );

    // The checker itself: what it has just found in order is damaged, one thing at a time.
    test.each<[string, string, (all: Snapshot, id: string) => Partial<Snapshot>]>([
      [
        'a pre-order that is gone',
        '1 nothing accepted is lost or doubled',
        ({ orders }, id) => ({ orders: without(orders, id) }),
      ],
      [
        'a message that is gone',
        '1 nothing accepted is lost or doubled',
        ({ messages }, id) => ({
          messages: messages.filter(({ subject, type }) => subject !== id || !type.endsWith('.RequestAssignment')),
        }),
      ],
      [
        'a phone that is held for nobody',
        '3 no stock leaks, and none is sold twice',
        ({ products }) => ({
          products: products.map((each) => ({ ...each, held: each.held + 1, available: each.available - 1 })),
        }),
      ],
      [
        'a phone that was promised and is not held',
        '3 no stock leaks, and none is sold twice',
        ({ products }) => ({
          products: products.map((each) => ({ ...each, held: each.held - 1, available: each.available + 1 })),
        }),
      ],
      [
        'a place that nobody keeps',
        '4 no place at a dealership is given twice',
        ({ places }, id) => ({ places: places.filter(({ holder }) => holder !== id) }),
      ],
      [
        'a second place for one order',
        '4 no place at a dealership is given twice',
        ({ places }, id) => ({ places: [...places, ...places.filter(({ holder }) => holder === id)] }),
      ],
      [
        'an assignment that nobody knows',
        'services agree',
        ({ assignments }, id) => ({ assignments: without(assignments, id) }),
      ],
      [
        'a read model that missed an event',
        '7 the read model is what the log says',
        ({ views }, id) => ({ views: without(views, id) }),
      ],
      [
        'a message that was not written',
        'one message for each event and person',
        ({ letters }) => ({ letters: letters.slice(1) }),
      ],
      [
        'a message written twice',
        'one message for each event and person',
        ({ letters }) => ({ letters: [...letters, { id: 'another', text: letters[0]!.text }] }),
      ],
    ])('is told from one that leaves %s', (_, name, damage) => {
      const id = told(snapshot.journal).find((each) => snapshot.orders.get(each)?.status === 'assigned') as string;
      const look = (all: Snapshot): string[] => invariants[name]?.(all) ?? [];
      expect(look(snapshot)).toEqual([]);
      expect(look({ ...snapshot, ...damage(snapshot, id) })).not.toEqual([]);
    });
  });
};

const without = <Row>(rows: ReadonlyMap<string, Row>, id: string): Map<string, Row> =>
  new Map([...rows].filter(([key]) => key !== id));
