import type { Language } from './profile.ts';

/** Who reads: the customer of the order, or who provides. */
export type Recipient = 'customer' | 'provider';

/** A message about one event to one recipient. Words in braces are filled in; a line that lacks one of its words is left out. */
export interface Text {
  /** Stands in brackets before the title. */
  head: string;
  what: string;
  /** What to do next, and until when. */
  next: string;
}

/** The same text in each language. */
export type Texts = Readonly<Record<Language, Text>>;

/** Who is written to about an event. Where the platform itself provides there is no provider to write to; an owner is both. */
export type Template =
  | { customer: Texts; provider: Texts }
  | { customer: Texts; provider: 'platform' }
  | { owner: Texts };

/** `texts(['머리말', 'Head'], ['무엇', 'What.'], ['다음', 'Next.'])` */
export const texts = ([koHead, enHead]: Pair, [koWhat, enWhat]: Pair, [koNext, enNext]: Pair): Texts => ({
  KO: { head: koHead, what: koWhat, next: koNext },
  EN: { head: enHead, what: enWhat, next: enNext },
});

type Pair = readonly [ko: string, en: string];

/** Nothing is asked of the reader. */
export const nothingToDo: Pair = ['지금 하실 일은 없어요.', 'There is nothing for you to do now.'];
