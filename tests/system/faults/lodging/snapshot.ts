import type { Reservation } from '../../../../services/lodging/reservation.ts';
import type { Payment } from '../../../../services/payment/payment.ts';
import type { StayRequest } from '../../../../services/property/stay.ts';
import type { Evidence, Row } from '../business.ts';
import { evidenceOf, table } from '../evidence.ts';
import { acceptedIds, asked, type Account } from '../journal.ts';
import type { Native } from '../native.ts';

/** A line of the payment provider's own books. */
export interface Entry {
  order_id: string;
  type: 'CHARGE' | 'REFUND';
  amount: number;
}

/** What can be seen of reservations from outside at one moment, the provider's ledger included. */
export interface Snapshot extends Evidence {
  reservations: ReadonlyMap<string, Row<Reservation>>;
  stays: ReadonlyMap<string, Row<StayRequest>>;
  payments: ReadonlyMap<string, Row<Payment>>;
  /** Nights that are taken: `room/date`, and by which stay or room. */
  claims: readonly { key: string; holder: string }[];
  ledger: readonly Entry[];
}

/** Of all that happened to the rooms of the journal; a run has rooms of its own. */
export async function takeSnapshot(place: Native, journal: readonly Account[]): Promise<Snapshot> {
  const rooms = [...new Set(asked(journal, 'reserve').map(({ intent }) => intent.roomId))];
  const reservations = await table<Reservation>(
    place,
    'lodging',
    `reservation where state #>> '{booking,roomId}' = any($1)`,
    rooms,
  );
  // A stay that was released before it was asked for knows no room.
  const stays = await table<StayRequest>(
    place,
    'property',
    'stay_request where room_id = any($1) or id = any($2::uuid[])',
    rooms,
    [...reservations.keys()],
  );
  // Also what the client was told and nobody knows.
  const ids = [...new Set([...reservations.keys(), ...stays.keys(), ...journal.flatMap(acceptedIds)])];
  const known = new Set(ids);
  return {
    ...{ journal, reservations, stays },
    orders: new Map([...reservations].map(([id, { state, version }]) => [id, { status: state.status, version }])),
    payments: await table<Payment>(place, 'payment', 'payment where id = any($1::uuid[])', ids),
    claims: await place.rows(
      'property',
      `select key, holder::text from claim where split_part(key, '/', 1) = any($1)`,
      rooms,
    ),
    ledger: (await ledgerSince(place, journal[0]?.at ?? 1)).filter(({ order_id }) => known.has(order_id)),
    ...(await evidenceOf(place, ids)),
  };
}

async function ledgerSince({ provider }: Native, since: number): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let after = 0; ;) {
    const { entries } = (await (await fetch(`${provider}/ledger?since=${since}&after=${after}`)).json()) as {
      entries: (Entry & { seq: number })[];
    };
    if (!entries.length) return all;
    all.push(...entries);
    after = entries.at(-1)?.seq ?? after;
  }
}
