import { useLanguage } from '../text/language.ts';
import { kindOf, type Order } from './kinds.ts';
import { reasonTexts } from './reasons.ts';
import { waitsForCard } from './shown.ts';
import { cardDeclined, en } from './states.en.ts';
import { cardDeclined as cardDeclinedKo, ko, type State } from './states.ko.ts';

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
  const states = language === 'ko' ? ko : en;
  const declined = waitsForCard(order) ? (language === 'ko' ? cardDeclinedKo : cardDeclined) : undefined;
  const state: State =
    declined ?? states[`${kindOf(order)} ${order.status}`] ?? states[order.phase] ?? states['RECEIVED']!;
  const [word, title, text, next] = state;
  const words = order.reasonText && `“${order.reasonText}”`;
  const reason = reasonTexts[order.reason]?.[language] ?? '';
  const why = [reason, words].filter(Boolean).join(' ');
  return { word, title, text, next, reason, why };
}
