import { isId } from '../products/wish.ts';

export const most = 10;

/** What is chosen; it stands in the address of the page, so that it can be shared, reloaded and gone back to. */
export interface PhoneSearch {
  /** Another one of the family than the path says. */
  variant?: string | undefined;
  quantity?: number | undefined;
  fulfilment?: 'PICKUP' | undefined;
}

/** What of an address makes sense; the rest is left out. */
export function phoneSearch({ variant, quantity, fulfilment }: Readonly<Record<string, unknown>>): PhoneSearch {
  const count = Number(quantity);
  return {
    ...(isId(variant) && { variant }),
    ...(Number.isInteger(count) && count > 1 && count <= most && { quantity: count }),
    ...(fulfilment === 'PICKUP' && { fulfilment }),
  };
}
