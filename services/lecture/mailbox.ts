import { accept, type Decider, type Decision } from '#kernel/decision.ts';
import type { Instant } from '#kernel/time.ts';

/** Data from one browser to the other, so that they can connect. It is not interpreted. */
export interface Signal {
  /** Counts up by one. */
  number: number;
  /** Peer id of who sent it. */
  from: string;
  payload: string;
}

/** The last signals for one session, whose id it has, in the order in which they were sent. */
export interface Mailbox {
  /** How many there ever were. */
  count: number;
  signals: readonly Signal[];
}

export type MailboxInput =
  | { type: 'LeaveSignal'; from: string; payload: string; forgetAt: Instant }
  /** Told by the clock when the lecture is over. */
  | { type: 'ForgetSignals' };

export type MailboxEvent = { type: 'SignalLeft'; signal: Signal; forgetAt: Instant } | { type: 'SignalsForgotten' };

/** A connection needs one or two dozen. A peer that is further behind joins again. */
const kept = 100;
/** Letters of all payloads together; the last signal is kept in any case. */
const keptLetters = 256 * 1024;

function decide({ count }: Mailbox, input: MailboxInput): Decision<MailboxEvent, never> {
  switch (input.type) {
    case 'LeaveSignal':
      return accept({
        type: 'SignalLeft',
        signal: { number: count + 1, from: input.from, payload: input.payload },
        forgetAt: input.forgetAt,
      });
    case 'ForgetSignals':
      return accept({ type: 'SignalsForgotten' });
  }
}

function evolve({ count, signals }: Mailbox, event: MailboxEvent): Mailbox {
  switch (event.type) {
    case 'SignalLeft':
      return { count: event.signal.number, signals: newest([...signals, event.signal]) };
    case 'SignalsForgotten':
      return { count, signals: [] };
  }
}

/** As many of the newest as are kept. */
function newest(signals: readonly Signal[]): readonly Signal[] {
  let letters = 0;
  const first = signals.findLastIndex(({ payload }) => (letters += payload.length) > keptLetters);
  return signals.slice(Math.max(Math.min(first + 1, signals.length - 1), signals.length - kept, 0));
}

export const mailbox: Decider<Mailbox, MailboxInput, MailboxEvent, never> = {
  initial: { count: 0, signals: [] },
  decide,
  evolve,
};
