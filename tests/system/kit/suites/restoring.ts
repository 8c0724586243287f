import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { becomes, eventually } from '../eventually.ts';
import { lodging, type LedgerEntry, type Reservation } from '../lodging.ts';
import { ok } from '../people.ts';
import type { Place } from '../place.ts';

/** Settings with which a restored place comes to rest within a test's patience. */
export const restoringSettings = {
  JARI_RECONCILE_SECONDS: '2',
  JARI_UNKNOWN_CHARGE_SECONDS: '30',
  JARI_ASK_AGAIN_SECONDS: '10',
};

export interface Recovery {
  backUp(): Promise<void>;
  /** Loses all data but the providers', restores the backup, and starts again. */
  loseAndRestore(): Promise<void>;
}

const price = 200_000;
const typesOf = (entries: readonly LedgerEntry[]): string => entries.map(({ type }) => type).join(' ');

/** A backup is taken while orders come in; what follows it is lost; what it holds comes to rest, and nobody pays for what is not there. */
export const restored = (place: Place, { backUp, loseAndRestore }: Recovery): void => {
  test('restored from a backup that was taken under load, every order comes to rest, and nobody is charged twice or for nothing (O5)', async () => {
    const { newRoom, reserve, reaches, asked, decide, cancel, reservation, ledger, shown, guest, admin } =
      lodging(place);
    const [instant, another, asking] = [
      await newRoom({ instant: true }),
      await newRoom({ instant: true }),
      await newRoom(),
    ];
    const [requested, confirmedLater] = [await reserve(asking, 40), await reserve(asking, 50)];
    for (const { id } of [requested, confirmedLater]) await asked(id);
    const [cancelled, cancelledLater] = [await reserve(instant, 40), await reserve(instant, 45)];
    for (const { id } of [cancelled, cancelledLater]) await reaches(id, 'PAID');
    await ok(cancel(cancelled.id));
    await reaches(cancelled.id, 'CANCELLED');

    const made: Reservation[] = [];
    let isOver = false;
    const load = (async () => {
      for (let nth = 0; !isOver && nth < 600; nth++) {
        made.push(await reserve(nth % 2 ? another : instant, 60 + 2 * Math.floor(nth / 2)));
        await pause(made.length < 8 ? 0 : 500); // a backup takes a while on a machine that is busy
      }
    })();
    await eventually(
      async () => made.length,
      (count) => count >= 8,
    );
    const before = made.length;
    await backUp();
    const during = made.length;
    await ok(decide('confirm', confirmedLater.id));
    await ok(cancel(cancelledLater.id));
    await eventually(
      async () => made.length,
      (count) => count >= during + 8,
      60_000,
    );
    isOver = true;
    await load;
    for (const { id } of [...made, confirmedLater]) await reaches(id, 'PAID', 60_000);
    await reaches(cancelledLater.id, 'CANCELLED');
    await eventually(
      async () => typesOf(await ledger(cancelledLater.id)),
      (types) => types === 'CHARGE REFUND',
    );

    await loseAndRestore();

    // What was paid meanwhile is paid: it is asked for again, and found at the provider.
    await eventually(
      () => decide('confirm', confirmedLater.id),
      ({ status }) => status === 200,
      60_000,
    );
    await reaches(confirmedLater.id, 'PAID', 60_000);
    const isKnown = async ({ id }: Reservation): Promise<boolean> =>
      (await place.rows('lodging', 'select from reservation where id = $1', id)).length === 1;
    const known = await Promise.all(made.map(isKnown));
    expect(known.slice(0, before)).toEqual(Array(before).fill(true));
    expect(known.slice(during + 2)).toEqual(Array(made.length - during - 2).fill(false));
    for (const [nth, { id }] of made.entries()) {
      if (known[nth]) await reaches(id, 'PAID', 60_000);
      await eventually(
        async () => typesOf(await ledger(id)),
        (types) => expect(types).toBe(known[nth] ? 'CHARGE' : 'CHARGE REFUND'),
        90_000,
      );
      if (known[nth]) await becomes(() => shown(id), { status: 'PAID', paymentStatus: 'COMPLETED' });
    }
    expect(typesOf(await ledger(confirmedLater.id))).toBe('CHARGE');
    expect([(await reservation(requested.id)).status, (await reservation(cancelled.id)).status]).toEqual([
      'REQUESTED',
      'CANCELLED',
    ]);

    // A cancellation that was lost is asked for again; its money is back already.
    await reaches(cancelledLater.id, 'PAID');
    await ok(cancel(cancelledLater.id));
    await reaches(cancelledLater.id, 'CANCELLED');
    await becomes(() => ok(admin.get(`/v1/payments/${cancelledLater.id}`)), { status: 'CANCELLED' });
    expect(typesOf(await ledger(cancelledLater.id))).toBe('CHARGE REFUND');

    // Nights of a lost order are for sale again, and all three services agree.
    const lost = made.at(-1)!;
    const again = await ok(
      guest.post<Reservation>('/v1/lodging/reservations', {
        room_id: lost.roomId,
        check_in: lost.checkIn,
        check_out: lost.checkOut,
        guests: 2,
      }),
    );
    await reaches(again.id, 'PAID');
    const idsIn = async (service: string, table: string, status: string): Promise<string[]> =>
      (
        await place.rows<{ id: string }>(
          service,
          `select id::text from ${table} where state->>'status' = $1 order by 1`,
          status,
        )
      ).map(({ id }) => id);
    const [sold, paid] = [
      await idsIn('lodging', 'reservation', 'paid'),
      await idsIn('payment', 'payment', 'completed'),
    ];
    expect([await idsIn('property', 'stay_request', 'confirmed'), paid]).toEqual([sold, sold]);
    const charged = await Promise.all(
      sold.map(async (id) =>
        Number(
          (await ledger(id)).reduce(
            (sum, { type, amount }) => sum + (type === 'CHARGE' ? 1 : -1) * Number(amount.units),
            0,
          ),
        ),
      ),
    );
    expect(new Set(charged)).toEqual(new Set([price]));
    for (const service of ['lodging', 'property', 'payment', 'views'])
      expect([service, await place.rows(service, 'select error from dead_letter')]).toEqual([service, []]);
  }, 600_000);
};
