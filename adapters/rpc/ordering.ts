import type { Command } from './rpc.ts';
import { ordersMade } from './rate.ts';

/** What holds for each method that makes an order: it costs others something, and the caller may have any number of accounts. */
export const ordering = { rate: ordersMade, verifiedEmail: true } as const satisfies Partial<Command<never, never>>;
