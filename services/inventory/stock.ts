import type { OrderRef } from '#kernel/ids.ts';

/** What one order has of a product. */
export interface Hold {
  /** Of the order: `rental.rental`. */
  kind: string;
  quantity: number;
  /**
   * In line; reserved, and still on the shelf; handed over; or given back, whatever it was before. A hold is never forgotten: a late
   * message about the order finds what became of it.
   */
  stage: 'waiting' | 'held' | 'committed' | 'released';
}

/** A product's stock (재고). What was ever put on the shelf is on hand or committed; what is on hand is held or available. */
export interface Stock {
  /** Units on the shelf. */
  onHand: number;
  /** Of these, units that orders have reserved. */
  held: number;
  /** Units that have left for customers. */
  committed: number;
  /** By the order's id. */
  holds: Readonly<Record<string, Hold>>;
  /** Orders that wait, the oldest first: ids rise with time. */
  line: readonly string[];
}

export const emptyStock: Stock = { onHand: 0, held: 0, committed: 0, holds: {}, line: [] };

/** Units that can still be had. */
export const available = ({ onHand, held }: Stock): number => onHand - held;

/** What an event does to the counts, the line and one hold. */
export type Move =
  | { type: 'StockReserved' | 'StockAwaited'; order: OrderRef; quantity: number }
  | { type: 'StockCommitted' | 'StockReleased'; order: OrderRef };

export function moved(stock: Stock, move: Move): Stock {
  const { id, kind } = move.order;
  const before = stock.holds[id] ?? { kind, quantity: 0, stage: 'released' };
  const line = stock.line.filter((each) => each !== id);
  const after = (stage: Hold['stage'], quantity: number, changed: Partial<Stock>): Stock => ({
    ...stock,
    line,
    ...changed,
    holds: { ...stock.holds, [id]: { kind, quantity, stage } },
  });
  switch (move.type) {
    case 'StockAwaited':
      return after('waiting', move.quantity, { line: [...line, id].sort() });
    case 'StockReserved':
      return after('held', move.quantity, { held: stock.held + move.quantity });
    case 'StockCommitted':
      return after('committed', before.quantity, leftShelf(stock, before.quantity));
    case 'StockReleased':
      return after('released', before.quantity, givenBack(stock, before));
  }
}

const leftShelf = ({ onHand, held, committed }: Stock, quantity: number): Partial<Stock> => ({
  onHand: onHand - quantity,
  held: held - quantity,
  committed: committed + quantity,
});

function givenBack({ onHand, held, committed }: Stock, { stage, quantity }: Hold): Partial<Stock> {
  switch (stage) {
    case 'held':
      return { held: held - quantity };
    case 'committed': // a return
      return { onHand: onHand + quantity, committed: committed - quantity };
    case 'waiting':
    case 'released':
      return {};
  }
}

/** Orders whose turn has come: none passes another by, even where less is wanted than is there. */
export function nextInLine(stock: Stock): { order: OrderRef; quantity: number }[] {
  let free = available(stock);
  const served: { order: OrderRef; quantity: number }[] = [];
  for (const id of stock.line) {
    const { kind, quantity } = stock.holds[id]!;
    if (quantity > free) break;
    free -= quantity;
    served.push({ order: { kind, id }, quantity });
  }
  return served;
}
