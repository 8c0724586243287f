import type { Next } from '#kernel/next.ts';
import { Order_Next_Who, type Order } from '#proto/jari/order/v1/order.ts';

/** What an order waits for, as two fields of the published language. */
export const nextToProto = (next: Next | undefined): Pick<Order, 'next' | 'deadline'> => ({
  next: next && { who: Order_Next_Who[next.who], what: next.what },
  deadline: next?.deadline && { at: new Date(next.deadline.at), what: next.deadline.what },
});
