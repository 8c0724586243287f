/** A point on the Earth, in degrees. */
export interface Location {
  latitude: number;
  longitude: number;
}

/** What people read of an offer before they order. */
export interface About {
  /** Any number of lines; empty if nothing was written. */
  description: string;
  /** Ids of images, in the order in which they are shown. */
  photos: readonly string[];
}

/** Where people look for it. */
export interface Whereabouts {
  /** Such as `서울 북촌`; empty if none was given. */
  area: string;
  location?: Location;
}

/** Whether an offer reads the same as before; the order of an object's fields does not matter. */
export function isSameOffer(one: object, other: object): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].every((field) => isSame(one[field as never], other[field as never]));
}

/** Objects and lists by what they hold. */
const isSame = (one: unknown, other: unknown): boolean =>
  typeof one === 'object' && one && typeof other === 'object' && other ? isSameOffer(one, other) : one === other;
