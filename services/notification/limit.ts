import { accept, refuse, type Decider } from '#kernel/decision.ts';
import type { OrderRef } from '#kernel/ids.ts';
import { days, minutes, type Instant } from '#kernel/time.ts';

const [hour, day] = [minutes(60), days(1)];

/** Of these instants, those within the hour before `at`. */
export const hourly = (instants: readonly Instant[], at: Instant): Instant[] =>
  instants.filter((each) => each > at - hour);

/**
 * When codes were sent to one contact, or asked for from one network address, and which accounts asked for them; its id is made of the
 * address.
 */
export interface CodeQuota {
  sent: readonly Instant[];
  askers: readonly Asker[];
}
interface Asker {
  account: string;
  at: Instant;
}
/** `most`: codes within an hour; `mostAccounts`: accounts whose first code for it is sent although others used these up. */
export interface CodeAsked {
  type: 'CodeAsked';
  account: string;
  at: Instant;
  most: number;
  mostAccounts: number;
}

/**
 * Strangers cannot use up the codes of an address: its owner's account, which has had none yet, still gets one. How many accounts may have
 * one bounds what is sent to an address that belongs to none of them.
 */
export const codeQuota: Decider<CodeQuota, CodeAsked, CodeAsked, 'too-many-codes'> = {
  initial: { sent: [], askers: [] },
  defaults: { askers: () => [] },
  decide({ sent, askers }, input) {
    const { account, at, most, mostAccounts } = input;
    if (hourly(sent, at).length < most) return accept(input);
    const others = withinHour(askers, at);
    const isFirst = !others.some((asker) => asker.account === account);
    return isFirst && others.length < mostAccounts ? accept(input) : refuse('too-many-codes');
  },
  evolve({ sent, askers }, { account, at }) {
    const others = withinHour(askers, at);
    const isKnown = others.some((asker) => asker.account === account);
    return { sent: [...hourly(sent, at), at], askers: isKnown ? others : [...others, { account, at }] };
  },
};

/** Codes by text of the whole installation, within a day from the first. */
export interface DayTotal {
  from: Instant;
  count: number;
}
export interface TextAsked {
  type: 'TextAsked';
  at: Instant;
  most: number;
}

/** Bounds what the codes of all strangers cost in a day, however many accounts, numbers and network addresses they have. */
export const dayTotal: Decider<DayTotal, TextAsked, TextAsked, 'codes-used-up'> = {
  initial: { from: 0, count: 0 },
  decide: (state, input) => (withinDay(state, input.at).count < input.most ? accept(input) : refuse('codes-used-up')),
  evolve(state, { at }) {
    const { from, count } = withinDay(state, at);
    return { from, count: count + 1 };
  },
};

const withinDay = (state: DayTotal, at: Instant): DayTotal => (at - state.from < day ? state : { from: at, count: 0 });

/** Mails of accounts that were handed on for one mailbox, within a day; its id is made of the mailbox. */
export interface MailQuota {
  sent: readonly { id: string; at: Instant }[];
}
/** `most`: within an hour, and within a day. */
export interface MailAsked {
  type: 'MailAsked';
  id: string;
  at: Instant;
  most: { hour: number; day: number };
}

/** Bounds what strangers cause to be mailed to one mailbox, by however many accounts and spellings. Each mail is counted once. */
export const mailQuota: Decider<MailQuota, MailAsked, MailAsked, 'too-many-mails'> = {
  initial: { sent: [] },
  decide({ sent }, input) {
    const { id, at, most } = input;
    if (sent.some((each) => each.id === id)) return accept();
    return withinHour(sent, at).length < most.hour && lastDay(sent, at).length < most.day
      ? accept(input)
      : refuse('too-many-mails');
  },
  evolve: ({ sent }, { id, at }) => ({ sent: [...lastDay(sent, at), { id, at }] }),
};

/** Messages that left for one person within the hour, and how many were held back since; its id is the user's. */
export interface Allowance {
  left: readonly { id: string; at: Instant }[];
  /** The same of those about the person's own account: neither kind keeps back the other. */
  own: readonly { id: string; at: Instant }[];
  held: number;
  /** The order that was held back last. */
  order?: OrderRef;
  /** The summary that was written last. */
  summary?: Summary;
}

/** One message in place of many that were held back. */
export interface Summary {
  id: string;
  count: number;
  order: OrderRef;
}

export type AllowanceInput =
  /** `order`: absent where it is about the person's own account. */
  | { type: 'Ask'; id: string; order?: OrderRef | undefined; at: Instant; most: number }
  | { type: 'Summarise'; id: string; at: Instant };

export type AllowanceEvent =
  | { type: 'MessageLet' | 'OwnMessageLet'; id: string; at: Instant }
  | { type: 'MessageHeldBack'; order: OrderRef; summaryAt: Instant | undefined }
  | { type: 'Summarised'; id: string; at: Instant };

export const allowance: Decider<Allowance, AllowanceInput, AllowanceEvent, never> = {
  initial: { left: [], own: [], held: 0 },
  defaults: { own: () => [] },
  decide(state, input) {
    if (input.type === 'Summarise')
      return state.held > 0 ? accept({ type: 'Summarised', id: input.id, at: input.at }) : accept();
    if (mayLeave(state, input.id)) return accept();
    if (!input.order)
      return withinHour(state.own, input.at).length < input.most
        ? accept({ type: 'OwnMessageLet', id: input.id, at: input.at })
        : accept(); // it is read in the app, and no summary mentions it
    const recent = withinHour(state.left, input.at);
    if (recent.length < input.most) return accept({ type: 'MessageLet', id: input.id, at: input.at });
    // The first that is held back sets the clock for the summary of all.
    return accept({
      type: 'MessageHeldBack',
      order: input.order,
      summaryAt: state.held === 0 ? (recent[0]?.at ?? input.at) + hour : undefined,
    });
  },
  evolve(state, event) {
    switch (event.type) {
      case 'MessageLet':
        return { ...state, left: [...withinHour(state.left, event.at), { id: event.id, at: event.at }] };
      case 'OwnMessageLet':
        return { ...state, own: [...withinHour(state.own, event.at), { id: event.id, at: event.at }] };
      case 'MessageHeldBack':
        return { ...state, held: state.held + 1, order: event.order };
      case 'Summarised': {
        const left = [...withinHour(state.left, event.at), { id: event.id, at: event.at }];
        const { own } = state;
        return state.order
          ? { left, own, held: 0, summary: { id: event.id, count: state.held, order: state.order } }
          : { left, own, held: 0 };
      }
    }
  },
};

/** Whether a message was let out. */
export const mayLeave = ({ left, own }: Allowance, id: string): boolean =>
  [...left, ...own].some((each) => each.id === id);

const lastDay = (sent: MailQuota['sent'], at: Instant): MailQuota['sent'] => sent.filter((each) => each.at > at - day);

const withinHour = <Item extends { at: Instant }>(items: readonly Item[], at: Instant): Item[] =>
  items.filter((item) => item.at > at - hour);
