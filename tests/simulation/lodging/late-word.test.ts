import { expect, test } from '@jest/globals';
import { fakeProvider, type FakeMode } from '../../../services/payment/testing/fake-provider.ts';
import type { Payment } from '../../../services/payment/payment.ts';
import type { Reservation } from '../../../services/lodging/reservation.ts';
import { payment, views } from '../capabilities.ts';
import { fromList } from '../choices.ts';
import { playIn } from '../history.ts';
import { World } from '../world.ts';
import { lodging } from './lodging.ts';

/** More than a guest's cancellation takes to come to rest, also when the provider's answers are lost. */
const longest = 40;

/** A guest has a confirmed stay, five days before, paid a second ago: so half of it is kept when the guest cancels. */
async function paidStay(mode: FakeMode = 'NORMAL') {
  const provider = fakeProvider(() => world.now);
  const world: World = new World(fromList([]), [...lodging.services, payment(provider, lodging), views]);
  world.faults = false;
  const acts = await lodging.open(playIn(world, provider));
  const settled = async () => {
    while (await world.step('stands'));
  };
  await settled(); // the rooms are known
  await acts()[0]!(); // a guest reserves
  await settled();
  await acts()[2]!(); // the host confirms
  await settled();
  provider.mode = mode;
  world.now += 1_000;
  return {
    ...{ world, provider },
    guestCancels: () => acts()[4]!(),
    hostTakesBack: () => acts()[5]!(),
    /** What a service is about to send. */
    unsentOf: (service: string) => world.services.get(service)!.disk.unsent,
    refunds: () => provider.entries.filter(({ type }) => type === 'REFUND').map(({ amount }) => amount.amount),
  };
}

test.each(['NORMAL', 'LOSES_ANSWERS'] as const)(
  'a stay that the host took back costs its guest nothing, however late the word of it comes; the provider is %s',
  async (mode) => {
    const ways = new Set<string>();
    for (let late = 0; late <= longest; late++) {
      const { world, provider, guestCancels, hostTakesBack, unsentOf, refunds } = await paidStay(mode);
      await hostTakesBack();
      const word = unsentOf('property').splice(0);
      await guestCancels(); // who does not know
      for (let steps = 0; steps < late; steps++) await world.step('runs');
      unsentOf('property').unshift(...word);
      while (await world.step('runs'));

      expect(world.stored<Reservation>('lodging', 'reservation')[0]!.state).toMatchObject({
        status: 'cancelled',
        cause: 'CANCELLED_BY_HOST',
      });
      expect(world.stored<Payment>('payment', 'payment')[0]!.state).toMatchObject({
        status: 'cancelled',
        charged: { amount: 100_000 },
        refunded: { amount: 100_000 },
      });
      expect(provider.entries.filter(({ type }) => type === 'CHARGE')).toHaveLength(1);
      const back = refunds();
      expect(back.reduce((sum, amount) => sum + amount)).toBe(100_000);
      ways.add(back.join(' + '));
    }
    expect([...ways]).toEqual(['50000 + 50000']);
  },
);

test('a guest who cancels a stay that the host took back loses nothing, whichever word of property is lost', async () => {
  for (let lost = 0; lost < 3; lost++) {
    const { world, guestCancels, hostTakesBack, unsentOf, refunds } = await paidStay();
    await hostTakesBack();
    const unsent = unsentOf('property');
    unsent.length = 0; // nobody hears of it
    await guestCancels();
    for (let heard = 0; heard <= lost; heard++) {
      while (unsent.length === 0 && (await world.step('runs')));
      if (heard === lost) unsent.shift();
      else await world.step('runs');
    }
    while (await world.step('runs'));

    expect(world.stored<Reservation>('lodging', 'reservation')[0]!.state).toMatchObject({
      status: 'cancelled',
      cause: 'CANCELLED_BY_HOST',
    });
    expect(refunds().reduce((sum, amount) => sum + amount, 0)).toBe(100_000);
  }
});

test('a stay that the host took back is paid back in full, though what payment is asked after that is lost', async () => {
  const { world, guestCancels, hostTakesBack, unsentOf, refunds } = await paidStay();
  /** Takes what a service is about to send, once it is. */
  const held = async (service: string, type: string) => {
    const at = () => unsentOf(service).findIndex(({ message }) => message.type === `jari.payment.v1.${type}`);
    while (at() < 0 && (await world.step('runs')));
    expect(at()).toBeGreaterThanOrEqual(0);
    return unsentOf(service).splice(at(), 1);
  };
  await hostTakesBack();
  const word = unsentOf('property').splice(0);
  await guestCancels(); // who does not know
  const answer = await held('payment', 'PaymentCancelled');
  unsentOf('property').unshift(...word);
  await held('lodging', 'CancelPayment'); // and it is never sent
  unsentOf('payment').unshift(...answer);
  while (await world.step('runs'));

  expect(refunds()).toEqual([50_000, 50_000]);
});
