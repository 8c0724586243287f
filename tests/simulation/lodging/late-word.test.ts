import { expect, test } from '@jest/globals';
import { fakeProvider } from '../../../services/payment/testing/fake-provider.ts';
import type { Payment } from '../../../services/payment/payment.ts';
import type { Reservation } from '../../../services/lodging/reservation.ts';
import { payment, views } from '../capabilities.ts';
import { fromList } from '../choices.ts';
import { playIn } from '../history.ts';
import { World } from '../world.ts';
import { lodging } from './lodging.ts';

/** More than a guest's cancellation takes to come to rest, also when the provider's answers are lost. */
const longest = 40;

test.each(['NORMAL', 'LOSES_ANSWERS'] as const)(
  'a stay that the host took back costs its guest nothing, however late the word of it comes; the provider is %s',
  async (mode) => {
    const refunds = new Set<string>();
    for (let late = 0; late <= longest; late++) {
      const provider = fakeProvider(() => world.now);
      const world: World = new World(fromList([]), [...lodging.services, payment(provider, lodging), views]);
      world.faults = false;
      const acts = await lodging.open(playIn(world, provider));
      const settled = async () => {
        while (await world.step('stands'));
      };
      await settled(); // the rooms are known
      await acts()[0]!(); // a guest reserves, five days before
      await settled();
      await acts()[2]!(); // the host confirms
      await settled();
      provider.mode = mode;
      world.now += 1_000; // paid before anybody cancels, so that half of it is kept
      await acts()[5]!(); // the host takes the stay back
      const { unsent } = world.services.get('property')!.disk;
      const word = unsent.splice(0);
      await acts()[4]!(); // the guest, who does not know, cancels
      for (let steps = 0; steps < late; steps++) await world.step('runs');
      unsent.unshift(...word);
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
      const back = provider.entries.filter(({ type }) => type === 'REFUND').map(({ amount }) => amount.amount);
      expect(back.reduce((sum, amount) => sum + amount)).toBe(100_000);
      refunds.add(back.join(' + '));
    }
    expect([...refunds]).toEqual(['50000 + 50000']);
  },
);

test('a guest who cancels a stay that the host took back loses nothing, whichever word of property is lost', async () => {
  for (let lost = 0; lost < 3; lost++) {
    const provider = fakeProvider(() => world.now);
    const world: World = new World(fromList([]), [...lodging.services, payment(provider, lodging), views]);
    world.faults = false;
    const acts = await lodging.open(playIn(world, provider));
    const settled = async () => {
      while (await world.step('stands'));
    };
    await settled();
    await acts()[0]!(); // a guest reserves, five days before
    await settled();
    await acts()[2]!(); // the host confirms
    await settled();
    world.now += 1_000;
    await acts()[5]!(); // the host takes the stay back
    const { unsent } = world.services.get('property')!.disk;
    unsent.length = 0; // nobody hears of it
    await acts()[4]!(); // the guest cancels
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
    const back = provider.entries.filter(({ type }) => type === 'REFUND').map(({ amount }) => amount.amount);
    expect(back.reduce((sum, amount) => sum + amount, 0)).toBe(100_000);
  }
});

test('a stay that the host took back is paid back in full, though what payment is asked after that is lost', async () => {
  const provider = fakeProvider(() => world.now);
  const world: World = new World(fromList([]), [...lodging.services, payment(provider, lodging), views]);
  world.faults = false;
  const acts = await lodging.open(playIn(world, provider));
  const settled = async () => {
    while (await world.step('stands'));
  };
  const unsentOf = (service: string) => world.services.get(service)!.disk.unsent;
  /** Takes what a service is about to send, once it is. */
  const held = async (service: string, type: string) => {
    const at = () => unsentOf(service).findIndex(({ message }) => message.type === `jari.payment.v1.${type}`);
    while (at() < 0 && (await world.step('runs')));
    return unsentOf(service).splice(at(), 1);
  };
  await settled();
  await acts()[0]!(); // a guest reserves, five days before
  await settled();
  await acts()[2]!(); // the host confirms
  await settled();
  world.now += 1_000;
  await acts()[5]!(); // the host takes the stay back
  const word = unsentOf('property').splice(0);
  await acts()[4]!(); // the guest, who does not know, cancels
  const answer = await held('payment', 'PaymentCancelled');
  unsentOf('property').unshift(...word);
  await held('lodging', 'CancelPayment'); // and it is never sent
  unsentOf('payment').unshift(...answer);
  while (await world.step('runs'));

  const back = provider.entries.filter(({ type }) => type === 'REFUND').map(({ amount }) => amount.amount);
  expect(back).toEqual([50_000, 50_000]);
});
