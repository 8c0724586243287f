import type { Aggregate, Claim, StoredAggregate } from '#kernel/aggregate.ts';
import type { OrderRef } from '#kernel/ids.ts';
import {
  product,
  type Product,
  type ProductEvent,
  type ProductInput,
  type ProductRefusal,
  type Terms,
} from './product.ts';
import { stepClaims, type Standing } from './steps.ts';
import type { Stock } from './stock.ts';

/** Events about products; each contains the whole product. */
export type ProductMessage = { terms: Terms; stock: Stock; isClosed: boolean } & (
  | { type: 'ProductListed' }
  | { type: 'ProductChanged'; text: string }
);

/** Answers of inventory to an order. */
export type StockMessage = StockAnswer & {
  /** The answer to a repeated command. */
  again?: true;
};

type StockAnswer =
  | { type: 'StockReserved'; order: OrderRef; quantity: number }
  | { type: 'StockUnavailable'; order: OrderRef; reason: string; waiting: boolean }
  | { type: 'StockReleased'; order: OrderRef }
  | { type: 'StockCommitted'; order: OrderRef };

export type Message = ProductMessage | StockMessage;

export const products: Aggregate<Product, ProductInput, ProductEvent, ProductRefusal, Message> = {
  name: 'product',
  ...product,
  consequences: (events, after) => ({
    messages: events.flatMap((event) => follows(event, after)),
    // A product that is not there remembers nothing.
    claims: after.state.status === 'listed' ? events.flatMap((event) => stepsIn(event, after.id)) : [],
  }),
};

/** The steps that an order makes with an event. */
function stepsIn(event: ProductEvent, productId: string): Claim[] {
  switch (event.type) {
    case 'OrderMet':
      return stepClaims(productId, event.order.id, 'met');
    case 'StockReserved':
      return stepClaims(productId, event.order.id, `held/${event.quantity}`);
    case 'StockRefused':
      return stepClaims(productId, event.order.id, 'refused');
    case 'StockCommitted':
      return stepClaims(productId, event.order.id, 'over');
    case 'StockFreed':
      return stepClaims(productId, event.order.id, 'over', 'released');
    case 'StockReleased':
    case 'StockReturned':
      return stepClaims(productId, event.order.id, 'released');
    case 'StockAwaited':
    case 'AnswerRepeated':
    case 'ProductListed':
    case 'ProductChanged':
    case 'ProductClosed':
    case 'ProductReopened':
    case 'ProductRestocked':
    case 'ProductAdjusted':
    case 'ProductRepublished':
      return [];
  }
}

function follows(event: ProductEvent, { state }: StoredAggregate<Product>): Message[] {
  switch (event.type) {
    case 'ProductListed':
    case 'ProductRepublished':
      return state.status === 'listed' ? [{ type: 'ProductListed', ...whole(state) }] : [];
    case 'ProductChanged':
    case 'ProductClosed':
    case 'ProductReopened':
    case 'ProductRestocked':
      return state.status === 'listed' ? [{ type: 'ProductChanged', ...whole(state), text: '' }] : [];
    case 'ProductAdjusted':
      return state.status === 'listed' ? [{ type: 'ProductChanged', ...whole(state), text: event.text }] : [];
    case 'StockReserved':
      return [{ type: 'StockReserved', order: event.order, quantity: event.quantity }];
    case 'StockAwaited':
      return [{ type: 'StockUnavailable', order: event.order, reason: 'OUT_OF_STOCK', waiting: true }];
    case 'StockRefused':
      return [{ type: 'StockUnavailable', order: event.order, reason: event.reason, waiting: false }];
    case 'StockCommitted':
      return [{ type: 'StockCommitted', order: event.order }];
    case 'StockReleased':
    case 'StockFreed':
    case 'StockReturned':
      return [{ type: 'StockReleased', order: event.order }];
    case 'AnswerRepeated':
      return [{ ...answer(event.order, event.standing), again: true }];
    case 'OrderMet':
      return [];
  }
}

const whole = ({ terms, stock, isClosed }: Extract<Product, { status: 'listed' }>) => ({ terms, stock, isClosed });

/** The current answer of inventory. */
function answer(order: OrderRef, standing: Standing): StockMessage {
  switch (standing.stage) {
    case 'waiting':
      return { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: true };
    case 'refused':
      return { type: 'StockUnavailable', order, reason: 'OUT_OF_STOCK', waiting: false };
    case 'held':
      return { type: 'StockReserved', order, quantity: standing.quantity };
    case 'committed':
      return { type: 'StockCommitted', order };
    case 'released':
      return { type: 'StockReleased', order };
  }
}
