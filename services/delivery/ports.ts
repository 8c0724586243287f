import type { StoredAggregate, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Delivery, DeliveryEvent, DeliveryRefusal } from './delivery.ts';

type Update = (
  id: string,
  decide: (state: Delivery) => Decision<DeliveryEvent, DeliveryRefusal>,
) => Promise<Updated<Delivery, DeliveryRefusal>>;

export interface Deliveries {
  get(id: string): Promise<StoredAggregate<Delivery> | undefined>;
  /** Decides on the stored delivery; saves it and what follows in one transaction. */
  update: Update;
  /** The same for what is noted before the command itself, in a transaction of its own: it stands even if the command is refused. */
  note: Update;
  /** Those that were asked for, newest first; tombstones are not listed. Of a courier: his own, and those that nobody has taken. */
  list(
    filter: { status?: Delivery['status'] | undefined; courierId?: string | undefined },
    page: { size: number; after?: string },
  ): Promise<StoredAggregate<Delivery>[]>;
}
