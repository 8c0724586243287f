import { accept, refuse, type Decider, type Decision } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { isSameOffer, type About } from '#kernel/listing.ts';
import { isTenfoldChange, type Money } from '#kernel/money.ts';
import type { Standing } from './steps.ts';
import { available, emptyStock, inLine, moved, nextInLine, type Stock, type Units } from './stock.ts';

/** In what a variant differs from others of its family; empty where it does not. */
export interface Options {
  colour: string;
  storage: string;
  size: string;
}

export const noOptions: Options = { colour: '', storage: '', size: '' };

/** What a product is, and what it costs. */
export interface Terms extends About {
  name: string;
  kind: 'PHONE' | 'DISPENSER';
  /** Name that the variants of one product share; empty for a product without variants. */
  family: string;
  options: Options;
  /** To buy it. */
  price: Money;
  /** To rent it. */
  monthlyFee: Money;
  deposit: Money;
}

/** A product (상품) and its stock: one aggregate, since no unit may be promised twice. `isClosed`: it cannot be ordered any more. */
export type Product = { status: 'none' } | { status: 'listed'; terms: Terms; stock: Stock; isClosed: boolean };

/** What an administrator changes of a product. A price jump must be confirmed. */
export interface ProductChange {
  changes: Partial<Omit<Terms, 'kind'>>;
  isPriceConfirmed: boolean;
}

type Listed = Extract<Product, { status: 'listed' }>;

export type ProductInput =
  // asked by administrators
  | { type: 'ListProduct'; terms: Terms; onHand: number }
  | ({ type: 'ChangeProduct' } & ProductChange)
  | { type: 'CloseProduct' }
  | { type: 'ReopenProduct' }
  | { type: 'RestockProduct'; quantity: number }
  | { type: 'AdjustProduct'; onHand: number; text: string }
  // commands of an order, with how it stands by its steps
  | {
      type: 'ReserveStock';
      order: OrderRef;
      standing: Standing | undefined;
      quantity: number;
      ifUnavailable: 'REFUSE' | 'WAIT';
    }
  | { type: 'ReleaseStock'; order: OrderRef; standing: Standing | undefined }
  | { type: 'CommitStock'; order: OrderRef; standing: Standing | undefined }
  // asked by a replica that starts empty
  | { type: 'RepublishProduct' };

export type ProductEvent =
  | { type: 'ProductListed'; terms: Terms; onHand: number }
  | { type: 'ProductChanged'; terms: Terms }
  | { type: 'ProductClosed' }
  | { type: 'ProductReopened' }
  | { type: 'ProductRestocked'; quantity: number }
  | { type: 'ProductAdjusted'; onHand: number; text: string }
  | { type: 'ProductRepublished' }
  /** An order that nothing was known of: each is met once. */
  | { type: 'OrderMet'; order: OrderRef }
  | ({ type: 'StockReserved' } & Units)
  | ({ type: 'StockAwaited' } & Units)
  | { type: 'StockRefused'; order: OrderRef; reason: 'OUT_OF_STOCK' | 'NO_SUCH_PRODUCT' }
  | ({ type: 'StockCommitted' } & Units)
  /** The order gives up its place in line, or what it never had. */
  | { type: 'StockReleased'; order: OrderRef }
  /** It gives up units that were held for it. */
  | ({ type: 'StockFreed' } & Units)
  /** It gives back units that it was handed. */
  | ({ type: 'StockReturned' } & Units)
  /** A repeated command after the answer: the same answer is sent again. */
  | { type: 'AnswerRepeated'; order: OrderRef; standing: Standing };

export type ProductRefusal =
  | 'no-such-product'
  | 'below-held'
  | 'too-many'
  | 'price-jump'
  | 'no-price'
  | 'no-monthly-fee';

/** Units that a shelf has at most, however they come there; what customers give back may go beyond. */
export const mostOnHand = 1_000_000;

type ProductDecision = Decision<ProductEvent, ProductRefusal>;
type Named<Type extends ProductInput['type']> = Extract<ProductInput, { type: Type }>;
type OrderCommand = Named<'ReserveStock' | 'ReleaseStock' | 'CommitStock'>;

function decide(state: Product, input: ProductInput): ProductDecision {
  if (state.status === 'none') return decideUnlisted(input);
  switch (input.type) {
    case 'ListProduct':
      return accept();
    case 'RepublishProduct':
      return accept({ type: 'ProductRepublished' });
    case 'ChangeProduct':
      return change(state, input);
    case 'CloseProduct':
      return state.isClosed ? accept() : accept({ type: 'ProductClosed' });
    case 'ReopenProduct':
      return state.isClosed ? accept({ type: 'ProductReopened' }) : accept();
    case 'RestockProduct':
      if (state.stock.onHand + input.quantity > mostOnHand) return refuse('too-many');
      return andServeLine(state, { type: 'ProductRestocked', quantity: input.quantity });
    case 'AdjustProduct':
      return adjust(state, input);
    case 'ReserveStock':
      return forOrder(state, input, reserve);
    case 'ReleaseStock':
      return forOrder(state, input, release);
    case 'CommitStock':
      return forOrder(state, input, commit);
  }
}

function decideUnlisted(input: ProductInput): ProductDecision {
  switch (input.type) {
    case 'ListProduct':
      return accept({ type: 'ProductListed', terms: input.terms, onHand: input.onHand });
    case 'ChangeProduct':
    case 'CloseProduct':
    case 'ReopenProduct':
    case 'RestockProduct':
    case 'AdjustProduct':
      return refuse('no-such-product');
    case 'ReserveStock':
      return accept({ type: 'StockRefused', order: input.order, reason: 'NO_SUCH_PRODUCT' });
    case 'ReleaseStock':
    case 'CommitStock':
      return accept({ type: 'StockReleased', order: input.order });
    case 'RepublishProduct':
      return accept();
  }
}

function change({ terms }: Listed, { changes, isPriceConfirmed }: Named<'ChangeProduct'>): ProductDecision {
  const changed = { ...terms, ...changes };
  if (changed.kind === 'PHONE' && changed.price.amount === 0) return refuse('no-price');
  if (changed.kind === 'DISPENSER' && changed.monthlyFee.amount === 0) return refuse('no-monthly-fee');
  const jumps = (['price', 'monthlyFee', 'deposit'] as const).some(
    (amount) => terms[amount].amount > 0 && isTenfoldChange(terms[amount], changed[amount]),
  );
  if (jumps && !isPriceConfirmed) return refuse('price-jump');
  return isSameOffer(terms, changed) ? accept() : accept({ type: 'ProductChanged', terms: changed });
}

function adjust(state: Listed, { onHand, text }: Named<'AdjustProduct'>): ProductDecision {
  if (onHand < state.stock.held) return refuse('below-held');
  return onHand === state.stock.onHand ? accept() : andServeLine(state, { type: 'ProductAdjusted', onHand, text });
}

/** Commands of orders come late, twice and out of order; each is answered, and takes effect once. */
function forOrder<Command extends OrderCommand>(
  state: Listed,
  command: Command,
  decideOn: (state: Listed, command: Command, standing: Standing | undefined) => ProductDecision,
): ProductDecision {
  const { order } = command;
  const standing = inLine(state.stock, order.id) ?? command.standing;
  const decision = decideOn(state, command, standing);
  return standing || !decision.accepted ? decision : accept({ type: 'OrderMet', order }, ...decision.events);
}

/** A later order goes to the end of the line; an older one, whose message took longer, goes before later ones. */
function reserve(
  state: Listed,
  { order, quantity, ifUnavailable }: Named<'ReserveStock'>,
  standing: Standing | undefined,
): ProductDecision {
  if (standing) return accept({ type: 'AnswerRepeated', order, standing });
  if (quantity <= available(state.stock) && state.stock.line.length === 0)
    return accept({ type: 'StockReserved', order, quantity });
  if (ifUnavailable === 'REFUSE') return accept({ type: 'StockRefused', order, reason: 'OUT_OF_STOCK' });
  return andServeLine(state, { type: 'StockAwaited', order, quantity });
}

function release(state: Listed, { order }: OrderCommand, standing: Standing | undefined): ProductDecision {
  switch (standing?.stage) {
    case 'released':
      return accept({ type: 'AnswerRepeated', order, standing });
    case 'held':
      return andServeLine(state, { type: 'StockFreed', order, quantity: standing.quantity });
    case 'committed':
      return andServeLine(state, { type: 'StockReturned', order, quantity: standing.quantity });
    case 'waiting':
    case 'refused':
    case undefined: // a reservation that comes after this takes nothing
      return andServeLine(state, { type: 'StockReleased', order });
  }
}

function commit(state: Listed, { order }: OrderCommand, standing: Standing | undefined): ProductDecision {
  switch (standing?.stage) {
    case 'held':
      return accept({ type: 'StockCommitted', order, quantity: standing.quantity });
    case 'committed':
    case 'released':
      return accept({ type: 'AnswerRepeated', order, standing });
    case 'waiting':
    case 'refused':
    case undefined: // nothing is reserved: the answer says that the order holds nothing
      return andServeLine(state, { type: 'StockReleased', order });
  }
}

/** What changes the line or frees units hands these to those whose turn it is. */
function andServeLine(state: Listed, event: ProductEvent): ProductDecision {
  const after = evolve(state, event);
  const served = after.status === 'listed' ? nextInLine(after.stock) : [];
  return accept(event, ...served.map((turn): ProductEvent => ({ type: 'StockReserved', ...turn })));
}

function evolve(state: Product, event: ProductEvent): Product {
  if (event.type === 'ProductListed')
    return { status: 'listed', terms: event.terms, stock: { ...emptyStock, onHand: event.onHand }, isClosed: false };
  if (state.status === 'none') return state;
  const { stock } = state;
  switch (event.type) {
    case 'ProductChanged':
      return { ...state, terms: event.terms };
    case 'ProductClosed':
    case 'ProductReopened':
      return { ...state, isClosed: event.type === 'ProductClosed' };
    case 'ProductRestocked':
      return { ...state, stock: { ...stock, onHand: stock.onHand + event.quantity } };
    case 'ProductAdjusted':
      return { ...state, stock: { ...stock, onHand: event.onHand } };
    case 'StockReserved':
    case 'StockAwaited':
    case 'StockCommitted':
    case 'StockReleased':
    case 'StockFreed':
    case 'StockReturned':
      return { ...state, stock: moved(stock, event) };
    case 'ProductRepublished':
    case 'OrderMet':
    case 'StockRefused':
    case 'AnswerRepeated':
      return state;
  }
}

export const product: Decider<Product, ProductInput, ProductEvent, ProductRefusal> = {
  initial: { status: 'none' },
  defaults: {
    terms: {
      ...{ description: () => '', photos: () => [], family: () => '' },
      options: () => noOptions,
    },
    isClosed: () => false,
  },
  decide,
  evolve,
};
