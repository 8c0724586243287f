/** How many reservations a guest may have at once; 0 is no limit. */
export interface Limits {
  /** That are not paid yet. */
  unpaid: number;
  /** That the same host has not answered yet. */
  perHost: number;
}

export const unpaidOf = (guestId: string): string => `unpaid/${guestId}`;

export const askedOf = (guestId: string, hostId: string): string => `asked/${guestId}/${hostId}`;

/** Whether a slot belongs to the requests that wait for a host. */
export const isOfHost = (slot: string): boolean => slot.startsWith('asked/');
