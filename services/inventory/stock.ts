import type { OrderRef } from '#kernel/ids.ts';
import type { Standing } from './steps.ts';

/** An order and how many units it is about. */
export interface Units {
  order: OrderRef;
  quantity: number;
}

/**
 * A product's stock (재고). What was ever put on the shelf is on hand or committed; what is on hand is held or available. Which order has
 * what is not here: the row would grow with all that was ever sold.
 */
export interface Stock {
  /** Units on the shelf. */
  onHand: number;
  /** Of these, units that orders have reserved. */
  held: number;
  /** Units that have left for customers. */
  committed: number;
  /** Orders that wait, the oldest first: ids rise with time. */
  line: readonly Units[];
}

export const emptyStock: Stock = { onHand: 0, held: 0, committed: 0, line: [] };

/** Units that can still be had. */
export const available = ({ onHand, held }: Stock): number => onHand - held;

/** State of an order while it waits. */
export function inLine({ line }: Stock, orderId: string): Standing | undefined {
  const found = line.find(({ order }) => order.id === orderId);
  return found && { stage: 'waiting', quantity: found.quantity };
}

/** What an event does to the counts and the line. */
export type Move =
  | ({ type: 'StockReserved' | 'StockAwaited' | 'StockCommitted' | 'StockFreed' | 'StockReturned' } & Units)
  | { type: 'StockReleased'; order: OrderRef };

export function moved(stock: Stock, move: Move): Stock {
  const { onHand, held, committed } = stock;
  const line = stock.line.filter(({ order }) => order.id !== move.order.id);
  switch (move.type) {
    case 'StockAwaited':
      return { ...stock, line: [...line, { order: move.order, quantity: move.quantity }].sort(byAge) };
    case 'StockReserved':
      return { ...stock, line, held: held + move.quantity };
    case 'StockReleased':
      return { ...stock, line };
    case 'StockFreed':
      return { ...stock, held: held - move.quantity };
    case 'StockCommitted':
      return {
        ...stock,
        onHand: onHand - move.quantity,
        held: held - move.quantity,
        committed: committed + move.quantity,
      };
    case 'StockReturned':
      return { ...stock, onHand: onHand + move.quantity, committed: committed - move.quantity };
  }
}

const byAge = (one: Units, other: Units): number => (one.order.id < other.order.id ? -1 : 1);

/** Orders whose turn has come: none passes another by, even where less is wanted than is there. */
export function nextInLine(stock: Stock): readonly Units[] {
  let free = available(stock);
  const passed = stock.line.findIndex(({ quantity }) => (free -= quantity) < 0);
  return passed < 0 ? stock.line : stock.line.slice(0, passed);
}
