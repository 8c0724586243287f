import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { plainText } from './plain-text.ts';
import type { Language } from './profile.ts';
import { reasonWords } from './reasons.ts';
import { memoized } from './memoized.ts';
import { deliveryTexts, preorderTexts, rentalTexts } from './texts-goods.ts';
import { generalTexts, newsTexts } from './texts-general.ts';
import { lodgingTexts } from './texts-lodging.ts';
import { seatingTexts } from './texts-seating.ts';
import { tutoringTexts } from './texts-tutoring.ts';
import type { Recipient, Template, Text, Texts } from './texts.ts';
import { startOf, whenOf, type Attributes } from './when.ts';

/** What a text can speak of. */
export interface Facts {
  /** `jari.preorder.v1.PreorderAssigned` */
  type: string;
  title: string;
  /** How the order stands, in words that all businesses share; empty for a delivery's step. */
  phase: string;
  /** A code, and the same in the words of a person where somebody wrote some. */
  reason: string;
  reasonText: string;
  attributes: Attributes;
  total?: Money | undefined;
  /** When it happened. */
  at: Instant;
}

/** Texts by context and event. */
export const templates: Readonly<Record<string, Readonly<Record<string, Template>>>> = {
  lodging: lodgingTexts,
  tutoring: tutoringTexts,
  preorder: preorderTexts,
  rental: rentalTexts,
  seating: seatingTexts,
  delivery: deliveryTexts,
};

export interface Written {
  /** As it is read in the app. */
  text: string;
  /** As it leaves for a telephone or a mailbox, where that differs: without words that another person wrote and nobody has looked at. */
  outside?: string;
}

/** What is written about an event: what, when, why, and what to do next, a line each. */
export function textOf(facts: Facts, recipient: Recipient, language: Language): Written {
  const text = textsFor(facts, recipient)[language];
  const said = plainText(facts.reasonText, longestReason);
  const inside = composed(text, facts, said, language);
  return said === '' || wordsOfAdministrators.has(facts.reason)
    ? { text: inside }
    : { text: inside, outside: composed(text, facts, '', language) };
}

/** Characters of what a person wrote as a reason. */
const longestReason = 200;

/** Reasons whose words an administrator wrote. */
const wordsOfAdministrators = new Set(['REJECTED_BY_ADMIN']);

function composed({ head, what, next }: Text, facts: Facts, said: string, language: Language): string {
  const { attributes, at } = facts;
  const words: Words = {
    start: () => startOf(attributes, language),
    total: () => amount(facts.total, language),
    dealership: () =>
      plainText(attributes['dealership_name'] ?? '', 40) || (language === 'KO' ? '대리점' : 'the dealership'),
  };
  const why = [reasonWords(facts.reason, language), said && `“${said}”`].filter(Boolean).join(' ');
  const [when, because] = language === 'KO' ? ['일시', '사유'] : ['When', 'Why'];
  return [
    `[${head}] ${plainText(facts.title)}`.trimEnd(),
    filled(what, words),
    `${when}: ${whenOf(attributes, at, language)}`,
    why && `${because}: ${why}`,
    filled(next, words),
  ]
    .filter(Boolean)
    .join('\n');
}

/** Made only where a sentence has them. */
type Words = Readonly<Record<'start' | 'total' | 'dealership', () => string>>;

/** Sentences with their words filled in; one that lacks a word is left out. */
const filled = (text: string, words: Words): string =>
  text
    .split(/(?<=[.?!]) /)
    .filter((sentence) => wordsIn(sentence).every((word) => words[word]()))
    .map((sentence) => sentence.replaceAll(/\{(\w+)\}/g, (_, word: keyof Words) => words[word]()))
    .map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1))
    .join(' ');

const wordsIn = (sentence: string): (keyof Words)[] =>
  [...sentence.matchAll(/\{(\w+)\}/g)].map(([, word]) => word as keyof Words);

function amount(total: Money | undefined, language: Language): string {
  if (!total) return language === 'KO' ? '금액' : 'the amount';
  const { number, digits } = formatOf(total.currency);
  const text = number.format(total.amount / 10 ** digits);
  return language === 'KO' && total.currency === 'KRW' ? `${text}원` : `${total.currency} ${text}`;
}

const formatOf = memoized((currency: string) => {
  const { maximumFractionDigits: digits = 0 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return {
    digits,
    number: new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  };
});

function textsFor({ type, phase }: Facts, recipient: Recipient): Texts {
  const [, context = '', , name = ''] = type.split('.');
  const template = (Object.hasOwn(templates, context) && templates[context]?.[name]) || undefined;
  if (template && 'owner' in template) return template.owner;
  const written = template?.[recipient];
  return written && written !== 'platform' ? written : (generalTexts[phase] ?? newsTexts)[recipient];
}
