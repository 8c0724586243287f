import type { Aggregate } from '#kernel/aggregate.ts';
import { accept } from '#kernel/decision.ts';
import type { Entry } from './order-view.ts';

/** A line of an order's history, kept for good: its id is the message's. */
export type Line = { status: 'none' } | ({ status: 'kept' } & AddLine);

export interface AddLine {
  orderId: string;
  entry: Entry;
}

export const timelineLine: Aggregate<Line, AddLine, AddLine, never, never> = {
  name: 'timeline_line',
  initial: { status: 'none' },
  decide: (line, told) => (line.status === 'kept' ? accept() : accept(told)),
  evolve: (_, told) => ({ status: 'kept', ...told }),
  consequences: () => ({}),
};
