import type { StoredAggregate } from '#kernel/aggregate.ts';
import { reachable, type Store, type Stored } from '#adapters/mikro-orm/store.ts';
import type { Approval, ApprovalEvent, Input, Refusal } from '../approval.ts';
import type { Approvals } from '../ports.ts';
import { approval, type Message } from '../process.ts';
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
    const rows = await reachable(() =>
      store.read().execute<{ id: string }[]>(
        `select id::text from approval
          where asked and (?::text is null or status = ?) and (?::text is null or kind = ?)
            and (?::uuid is null or (created_at, id) < (select created_at, id from approval where id = ?::uuid))
          order by created_at desc, id desc limit ?`,
        [status, status, kind, kind, after, after, size].map((value) => value ?? null),
      ),
    );
    const found = await Promise.all(rows.map(({ id }) => store.get(storedApproval, id)));
    return found.filter((each): each is StoredAggregate<Approval> => each !== undefined);
  },
});
