import { Unavailable } from '#adapters/failures/failures.ts';
import { idOf } from '#kernel/ids.ts';
import { seconds } from '#kernel/time.ts';
import { rentalRpc } from '../../../services/rental/adapters/grpc.ts';
import { subscriptions } from '../../../services/rental/adapters/messages.ts';
import { chargeFor } from '../../../services/rental/adapters/payments.ts';
import {
  mikroOrmProducts,
  mikroOrmRentals,
  storedProducts,
  storedRentals,
} from '../../../services/rental/adapters/store.ts';
import type { Payments } from '../../../services/rental/ports.ts';
import { askAgain, undoIntent } from '../../../services/rental/usecases.ts';
import type { Simulated, World } from '../world.ts';

/** A customer's unpaid rentals at most: few, so that the limit is met. */
export const most = 1;

/** Rental as it is, but for its way to payment. */
export const rentalService: Simulated = {
  name: 'rental',
  plug({ store, now }, world) {
    const rentals = storedRentals({ intent: seconds(20), askAgain: seconds(21_600) });
    const ports = {
      rentals: mikroOrmRentals(store, rentals, most),
      products: mikroOrmProducts(store),
      payments: roughPayments(world),
      now,
    };
    return {
      rpc: [rentalRpc(ports)],
      subscriptions: subscriptions(rentals, storedProducts),
      timers: {
        'rental/intent': (id) => undoIntent(ports, id),
        'rental/ask-again': (id, at) => askAgain(ports, id, at),
      },
    };
  },
};

/**
 * Payment while the customer waits: a call may be lost, its answer may be, it may arrive when its sender has given up; the world goes on
 * meanwhile, and either process may die between any two steps.
 */
const roughPayments = (world: World): Payments => ({
  async pay(id, contract, intend) {
    if (!(await intend())) return 'not-intended';
    const ask = () =>
      world.call('payment', 'pay', chargeFor(id, contract), { id: idOf('service', 'rental'), roles: ['service'] });
    const lost = new Unavailable('payment did not answer in time');
    const fate = world.faults && world.choices.once(3) ? world.choices.pick(3) : undefined;
    if (fate === 0) throw lost;
    if (fate === 1) world.late.push(async () => void (await ask()));
    if (fate === 1) throw lost;

    const answer = await ask();
    await meanwhile(world);
    world.mayDieNext();
    if (fate === 2 || answer === 'unknown') throw lost;
    if ('answer' in answer) return 'paid';
    if (answer.refused === 'PAYMENT_DECLINED') return 'declined';
    throw lost;
  },
});

/** Sometimes so long that the clock gives the intent up. */
async function meanwhile(world: World): Promise<void> {
  if (world.faults && world.choices.once(6)) world.now += seconds(25);
  for (let steps = world.faults ? world.choices.pick(3) : 0; steps > 0; steps--) await world.step('stands');
}
