import type { Kept, Updated } from '#kernel/aggregate.ts';
import type { Decision } from '#kernel/decision.ts';
import type { Delivery, DeliveryEvent, DeliveryRefusal } from './delivery.ts';

export interface Deliveries {
  /** Decides on the stored delivery; saves it and what follows in one transaction. */
  update(id: string, decide: (state: Delivery) => Decision<DeliveryEvent, DeliveryRefusal>): Promise<Updated<Delivery, DeliveryRefusal>>;
  /** Those that were asked for, newest first; tombstones are nobody's business. */
  list(filter: { status?: Delivery['status'] | undefined }, page: { size: number; after?: string }): Promise<Kept<Delivery>[]>;
}
