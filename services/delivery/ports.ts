import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Limit } from '#kernel/limit.ts';
import type { Delivery, DeliveryEvent, DeliveryRefusal } from './delivery.ts';

type Update = <Facts = undefined>(
  id: string,
  decide: (state: Delivery, facts: Facts) => Decision<DeliveryEvent, DeliveryRefusal>,
  facts?: () => Promise<Facts>,
) => Promise<Updated<Delivery, DeliveryRefusal>>;

/** Whether somebody is a courier or an administrator, as far as is known. */
export type MayDeliver = (personId: string) => Promise<boolean>;

export interface Ports {
  deliveries: Deliveries;
  mayDeliver: MayDeliver;
}

export interface Deliveries {
  get(id: string): Promise<StoredAggregate<Delivery> | undefined>;
  /** Decides on the stored delivery and what `facts` reads beside it; saves it and what follows in one transaction. */
  update: Update;
  /** The same for what is noted before the command itself, in a transaction of its own: it stands even if the command is refused. */
  updateWithoutProof: Update;
  /** A courier's limits, for a delivery with this id. */
  limits(id: string, courierId: string): Promise<Limit[]>;
  /** Those that were asked for, newest first; tombstones are not listed. Of a courier: his own, and those that nobody has taken. */
  list(
    filter: { status?: Delivery['status'] | undefined; courierId?: string | undefined },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Delivery>[]>;
}
