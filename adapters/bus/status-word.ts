/** A status of the core as the API writes it: `payment-pending` becomes PAYMENT_PENDING. */
export const statusWord = (status: string): string => status.toUpperCase().replaceAll('-', '_');
