import type { Language } from '#kernel/language.ts';
import { eventTexts } from './event-texts.ts';
import type { Entry, Head } from './order-view.ts';
import { statusTexts } from './status-texts.ts';

/** Where the order stands, in the reader's language. */
export const statusText = ({ order, status, phase }: Head, language: Language): string =>
  (statusTexts[`${order.kind} ${status}`] ?? statusTexts[phase])?.[language] ?? '';

/** What happened, in the reader's language, and what a person wrote of it. Of an event without words here, what its name says. */
export function entryText({ type, text, reasonText }: Entry, language: Language): string {
  const [, context, , name] = type.split('.');
  const words = eventTexts[`${context}.${name}`]?.[language];
  return words ? [words, reasonText].filter(Boolean).join(': ') : text;
}
