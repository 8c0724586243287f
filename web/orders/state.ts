import { useSession } from '../api/session.ts';
import { useLanguage } from '../text/language.ts';
import { kindOf, type Order } from './kinds.ts';
import { reasonTexts } from './reasons.ts';
import { waitsForCard } from './shown.ts';
import * as english from './states.en.ts';
import * as korean from './states.ko.ts';

interface Told {
  word: string;
  title: string;
  text: string;
  next: string | undefined;
  /** Why it ended so. */
  reason: string;
  /** The same, and what a person wrote of it. */
  why: string;
}

/** Where the order stands, in words of the reader. */
export function useOrderState(order: Order): Told {
  const { language } = useLanguage();
  const { person } = useSession();
  const words = language === 'ko' ? korean : english;
  const states = language === 'ko' ? korean.ko : english.en;
  const declined = person?.id === order.customerId ? words.cardDeclined : words.cardDeclinedOfOthers;
  const [word, title, text, next] = waitsForCard(order)
    ? declined
    : (states[`${kindOf(order)} ${order.status}`] ?? states[order.phase] ?? states['RECEIVED']!);
  const quoted = order.reasonText && `“${order.reasonText}”`;
  const reason = reasonTexts[order.reason]?.[language] ?? '';
  const why = [reason, quoted].filter(Boolean).join(' ');
  return { word, title, text, next, reason, why };
}
