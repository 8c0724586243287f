import { expect, test } from '@jest/globals';
import { fakeProvider } from '../../../services/payment/testing/fake-provider.ts';
import type { Reservation } from '../../../services/lodging/reservation.ts';
import { payment, views } from '../capabilities.ts';
import { fromList } from '../choices.ts';
import { playIn } from '../history.ts';
import { World } from '../world.ts';
import { lodging } from './lodging.ts';

test.each([
  ['behind', 1],
  ['before', 2],
])(
  'at check-in an unpaid reservation is over, also when the clock of its process is %s that of the database',
  async (_, skew) => {
    const provider = fakeProvider(() => world.now);
    const world: World = new World(fromList([skew]), [...lodging.services, payment(provider, lodging), views]);
    world.faults = false;
    provider.mode = 'DOWN';
    const acts = await lodging.open(playIn(world, provider));
    while (await world.step('stands')); // the rooms are known
    await acts()[0]!(); // a guest reserves
    while (await world.step('stands'));
    await acts()[2]!(); // the host confirms
    const reservation = (): Reservation => world.stored<Reservation>('lodging', 'reservation')[0]!.state;
    const { checkInAt } = (reservation() as Exclude<Reservation, { status: 'none' }>).booking;
    while (world.now < checkInAt && (await world.step('runs')));
    while (await world.step('stands'));
    expect(reservation()).toMatchObject({ status: 'cancelled', cause: 'PAYMENT_TIMEOUT' });
  },
  120_000,
);
