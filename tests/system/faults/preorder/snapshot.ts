import type { Assignment } from '../../../../services/assignment/assignment.ts';
import type { Delivery } from '../../../../services/delivery/delivery.ts';
import { statusOf } from '../../../../services/preorder/adapters/messages.ts';
import { isMade, type Preorder } from '../../../../services/preorder/preorder.ts';
import { preordering, type Product } from '../../kit/preorder.ts';
import type { Evidence, Row } from '../business.ts';
import { evidenceOf, table } from '../evidence.ts';
import { acceptedIds, asked, type Account } from '../journal.ts';
import type { Native } from '../native.ts';

export type Made = Extract<Preorder, { progress: unknown }>;

/** What can be seen of pre-orders from outside at one moment. */
export interface Snapshot extends Evidence {
  preorders: ReadonlyMap<string, Row<Made>>;
  /** Ids of intentions that are still neither a pre-order nor given up. */
  intended: readonly string[];
  assignments: ReadonlyMap<string, Row<Assignment>>;
  deliveries: ReadonlyMap<string, Row<Delivery>>;
  /** Places of dealerships that are taken, `dealership/day/number`, and for which order. */
  places: readonly { key: string; holder: string }[];
  /** As inventory shows them. */
  products: readonly Product[];
  /** Messages to people. */
  letters: readonly { id: string; text: string }[];
}

/** Of all that happened to the phones of the journal; a run has phones of its own. */
export async function takeSnapshot(place: Native, journal: readonly Account[]): Promise<Snapshot> {
  const phones = [...new Set(asked(journal, 'apply').map(({ intent }) => intent.productId))];
  const all = await table<Preorder>(
    place,
    'preorder',
    `preorder where state #>> '{booking,productId}' = any($1)`,
    phones,
  );
  const preorders = new Map([...all].filter((row): row is [string, Row<Made>] => isMade(row[1].state)));
  const dealerships = [...new Set([...preorders.values()].map(({ state }) => dealershipOf(state)))];
  // Also what the client was told and nobody knows.
  const ids = [...new Set([...all.keys(), ...journal.flatMap(acceptedIds)])];
  return {
    ...{ journal, preorders },
    orders: new Map([...preorders].map(([id, { state, version }]) => [id, { status: statusOf(state), version }])),
    intended: [...all].flatMap(([id, { state }]) => (state.status === 'intended' ? [id] : [])),
    assignments: await table<Assignment>(place, 'assignment', 'assignment where id = any($1::uuid[])', ids),
    deliveries: await table<Delivery>(place, 'delivery', 'delivery where id = any($1::uuid[])', ids),
    places: await place.rows(
      'assignment',
      `select key, holder::text from claim where split_part(key, '/', 1) = any($1)`,
      dealerships,
    ),
    products: await Promise.all(phones.map((id) => preordering(place).product(id))),
    letters: await place.rows(
      'notification',
      `select id::text, state #>> '{note,text}' text from message where state #>> '{note,order,id}' = any($1)`,
      ids,
    ),
    ...(await evidenceOf(place, ids)),
  };
}

/** Empty where there is none. */
export const dealershipOf = ({ progress: { dealership } }: Made): string =>
  dealership && dealership !== 'none' ? dealership.id : '';
