import { sql } from 'kysely';
import type { StoredAggregate } from '#kernel/aggregate.ts';
import { tablesIn } from '#adapters/mikro-orm/queries.ts';
import { mapDatabaseErrors, type Store, type Stored } from '#adapters/mikro-orm/store.ts';
import type { Approval, ApprovalEvent, Input, Refusal } from '../approval.ts';
import type { Approvals } from '../ports.ts';
import { approval, type Message } from '../process.ts';
import type { entities } from './entities.ts';
import { encode } from './messages.ts';

export const storedApproval: Stored<Approval, Input, ApprovalEvent, Refusal, Message> = { ...approval, encode };

export const migrations = [
  {
    name: 'approval-1',
    up: [
      `create table approval (
        id uuid primary key,
        version integer not null,
        state jsonb not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        asked boolean generated always as ((state -> 'request') <> 'null') stored,
        status text generated always as (state ->> 'status') stored,
        kind text generated always as (state #>> '{subject,order,kind}') stored
      )`,
      'create index approval_queue on approval (status, created_at desc, id desc) where asked',
      'create index approval_by_time on approval (created_at desc, id desc) where asked',
    ],
  },
];

export const mikroOrmApprovals = (store: Store): Approvals => ({
  update: (id, decide) => store.update(storedApproval, id, decide),
  get: (id) => store.get(storedApproval, id),
  async list({ status, kind }, { size, after }) {
    // An id tells when the order was made and not when this revision was asked for, so the order of the list is by time itself.
    let newest = tablesIn<typeof entities>(store)
      .selectFrom('approval')
      .select('id')
      .where('asked', '=', sql.lit(true)) // in these words, as in the condition of the index
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(size);
    if (status !== undefined) newest = newest.where('status', '=', status);
    if (kind !== undefined) newest = newest.where('kind', '=', kind);
    if (after !== undefined)
      newest = newest.where(({ eb, refTuple, selectFrom }) =>
        eb(
          refTuple('created_at', 'id'),
          '<',
          selectFrom('approval').select(['created_at', 'id']).where('id', '=', after).$asTuple('created_at', 'id'),
        ),
      );
    const rows = await mapDatabaseErrors(() => newest.execute());
    const found = await Promise.all(rows.map(({ id }) => store.get(storedApproval, id)));
    return found.filter((each): each is StoredAggregate<Approval> => each !== undefined);
  },
});
