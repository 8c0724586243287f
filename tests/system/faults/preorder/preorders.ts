import { setTimeout as pause } from 'node:timers/promises';
import type { Business } from '../business.ts';
import type { FaultClient } from '../client.ts';
import type { Intent } from '../journal.ts';
import { startLoad, type Acting } from '../load.ts';
import { invariants, late } from './invariants.ts';
import { makePhones, type Phones } from './phones.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';

/** Customers apply for phones, dealerships accept and activate, some cancel. */
export const preorders: Business<Snapshot> = {
  core: { service: 'preorder', table: 'preorder', resting: ['assigned', 'accepted', 'activated', 'cancelled'] },
  async begin(place, options) {
    const phones = await makePhones(place);
    return startLoad(place, { ...options, people: [...customers, 'dealer'] }, (nth, key, acting) =>
      live(nth, key, phones, acting),
    );
  },
  unsettled: async (place, journal) => late(await takeSnapshot(place, journal)),
  look: takeSnapshot,
  invariants,
};

const customers = ['mina', 'jun', 'sora', 'theo', 'yuna', 'max'];

async function live(nth: number, key: string, phones: Phones, { client, insist, givenUp }: Acting): Promise<void> {
  const customer = customers[nth % customers.length] as string;
  const { productId, quantity, fulfilment } = wishOf(nth, phones);
  const wish = { product_id: productId, quantity, fulfilment, location: phones.location, address: '1 Street' };
  const id = await insist(key, { what: 'apply', customer, productId, quantity }, () =>
    client.post(customer, '/v1/preorders', key, wish),
  );
  if (!id) return;
  const step = (intent: Extract<Intent, { id: string }>, who: string, path: string): Promise<unknown> =>
    insist(`${key}-${intent.what}`, intent, () => client.post(who, path, `${key}-${intent.what}`, {}));
  const accept = (): Promise<unknown> => step({ what: 'accept', id }, 'dealer', `/v1/assignments/${id}:accept`);
  const activate = (): Promise<unknown> => step({ what: 'activate', id }, 'dealer', `/v1/assignments/${id}:activate`);
  const cancel = (): Promise<unknown> => step({ what: 'cancel', id, keeps: 0 }, customer, `/v1/preorders/${id}:cancel`);
  switch (nth % 10) {
    case 3:
    case 4:
      if (await isAssigned(client, customer, id, givenUp)) await accept();
      return;
    case 6: // picked up
      if (!(await isAssigned(client, customer, id, givenUp))) return;
      await accept();
      await activate();
      return;
    case 7:
      await pause(1_500 * Math.random());
      await cancel();
      return;
    case 8:
      if (await isAssigned(client, customer, id, givenUp)) await Promise.all([accept(), cancel()]);
  }
}

/** Most want what there is enough of, and some what there is not; every other has it sent. */
function wishOf(
  nth: number,
  { plenty, scarce }: Phones,
): { productId: string; quantity: number; fulfilment: 'DELIVERY' | 'PICKUP' } {
  const turn = Math.floor(nth / 10);
  const phones = nth % 10 === 9 ? scarce : plenty;
  return {
    productId: phones[turn % phones.length] as string,
    quantity: 1 + (turn % 2),
    fulfilment: nth % 2 ? 'DELIVERY' : 'PICKUP',
  };
}

/** Waits for its dealership, which knows nothing of it before; false when nobody waits any longer. */
async function isAssigned(client: FaultClient, customer: string, id: string, givenUp: AbortSignal): Promise<boolean> {
  while (!givenUp.aborted) {
    if ((await client.read<{ status: string }>(customer, `/v1/preorders/${id}`))?.status === 'ASSIGNED') return true;
    await pause(400);
  }
  return false;
}
