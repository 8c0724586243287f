import type { Aggregate, Kept } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { product, type Product, type ProductEvent, type ProductInput, type ProductRefusal, type Terms } from './product.ts';
import type { Stock } from './stock.ts';

/** What inventory tells of a product: the whole of it, each time. */
export type ProductMessage = { terms: Terms; stock: Stock } & ({ type: 'ProductListed' } | { type: 'ProductChanged'; text: string });

/** What inventory answers to an order. */
export type StockMessage =
  | { type: 'StockReserved'; order: OrderRef; quantity: number }
  | { type: 'StockUnavailable'; order: OrderRef; reason: string; waiting: boolean }
  | { type: 'StockReleased'; order: OrderRef }
  | { type: 'StockCommitted'; order: OrderRef };

export type Message = ProductMessage | StockMessage;

export const products: Aggregate<Product, ProductInput, ProductEvent, ProductRefusal, Message> = {
  name: 'product',
  ...product,
  consequences: (events, after) => ({ messages: events.flatMap((event) => follows(event, after)) }),
};

function follows(event: ProductEvent, { state }: Kept<Product>): Message[] {
  switch (event.type) {
    case 'ProductListed':
    case 'ProductRepublished':
      return state.status === 'listed' ? [{ type: 'ProductListed', terms: state.terms, stock: state.stock }] : [];
    case 'ProductRestocked':
      return state.status === 'listed' ? [{ type: 'ProductChanged', terms: state.terms, stock: state.stock, text: '' }] : [];
    case 'ProductAdjusted':
      return state.status === 'listed' ? [{ type: 'ProductChanged', terms: state.terms, stock: state.stock, text: event.text }] : [];
    case 'StockReserved':
      return [{ type: 'StockReserved', order: event.order, quantity: event.quantity }];
    case 'StockAwaited':
      return [{ type: 'StockUnavailable', order: event.order, reason: 'OUT_OF_STOCK', waiting: true }];
    case 'StockRefused':
      return [{ type: 'StockUnavailable', order: event.order, reason: event.reason, waiting: false }];
    case 'StockCommitted':
      return [{ type: 'StockCommitted', order: event.order }];
    case 'StockReleased':
      return [{ type: 'StockReleased', order: event.order }];
    case 'AnswerRepeated':
      return answer(event.order, state);
  }
}

/** How the order's hold stands, as it is told. */
function answer(order: OrderRef, state: Product): StockMessage[] {
  const hold = state.status === 'listed' ? state.stock.holds[order.id] : undefined;
  switch (hold?.stage) {
    case 'waiting':
      return [{ type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: true }];
    case 'held':
      return [{ type: 'StockReserved', order, quantity: hold.quantity }];
    case 'committed':
      return [{ type: 'StockCommitted', order }];
    case 'released':
      return [{ type: 'StockReleased', order }];
    case undefined:
      return [];
  }
}
