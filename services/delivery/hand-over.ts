/** Who brings a delivery to whom, and the code by which the customer says that it arrived. */
export interface HandOver {
  /** Empty where the delivery was asked for by a version that did not name the customer. */
  customerId: string;
  /** Empty until a courier takes the delivery or is assigned to it. */
  courierId: string;
  /** Six digits, known to the customer alone. Empty where the customer is unknown: the delivery is completed without a code. */
  code: string;
  wrongCodes: number;
  /** The courier gave the right code. */
  proven: boolean;
}

export const unknownHandOver: HandOver = { customerId: '', courierId: '', code: '', wrongCodes: 0, proven: false };

/** After so many wrong codes only an administrator who is not its courier completes the delivery. */
export const mostWrongCodes = 5;

/** Who acts on a delivery or looks at it. */
export interface Person {
  userId: string;
  admin: boolean;
}

/** Whoever brings the delivery acts as its courier, an administrator too. */
export const isCourier = ({ courierId }: HandOver, { userId }: Person): boolean => courierId === userId;

export const needsCode = ({ code, proven }: HandOver): boolean => code !== '' && !proven;

/** Compares every digit, so that the time taken does not tell how many were right. */
export function sameCode(given: string, code: string): boolean {
  let differences = given.length ^ code.length;
  for (let index = 0; index < code.length; index++) differences |= given.charCodeAt(index) ^ code.charCodeAt(index);
  return differences === 0;
}

/** The first two words of an address, and never the whole of it. */
export function areaOf(address: string): string {
  const words = address.split(/\s+/).filter((word) => word !== '');
  return words.slice(0, Math.min(2, words.length - 1)).join(' ');
}
