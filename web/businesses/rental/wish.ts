import { isId } from '../products/wish.ts';

export const lengths = [12, 24, 36, 48, 60] as const;
export const usual = 36;

/** What is chosen; it stands in the address of the page, so that it can be shared, reloaded and gone back to. */
export interface DispenserSearch {
  /** Another one of the family than the path says. */
  variant?: string | undefined;
  months?: number | undefined;
}

/** What of an address makes sense; the rest is left out. */
export function dispenserSearch({ variant, months }: Readonly<Record<string, unknown>>): DispenserSearch {
  const length = lengths.find((each) => each === Number(months));
  return { ...(isId(variant) && { variant }), ...(length && { months: length }) };
}
