/** Why no card can be charged for an order. */
export type CardRefusal = 'no-payment-method' | 'unknown-payment-method';

/** Payment, asked before an order is accepted whether the customer can be charged. */
export interface Cards {
  /** `cardId`: the chosen card; by default the default one. Undefined: there is one, or payment does not answer in time. */
  refusal(customerId: string, cardId?: string): Promise<CardRefusal | undefined>;
}
