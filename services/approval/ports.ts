import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Approval, ApprovalEvent, Refusal } from './approval.ts';

/** The requests that were made; tombstones are not listed. */
export interface Approvals {
  /** Decides on the stored request; saves it and what follows in one transaction. */
  update(
    id: string,
    decide: (state: Approval) => Decision<ApprovalEvent, Refusal>,
  ): Promise<Updated<Approval, Refusal>>;
  get(id: string): Promise<StoredAggregate<Approval> | undefined>;
  /** Newest first; what the filter leaves open matches all. */
  list(
    filter: { status?: Approval['status'] | undefined; kind?: string | undefined },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Approval>[]>;
}
