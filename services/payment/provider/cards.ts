import { randomUUID } from 'node:crypto';

/** A card as the sandbox describes it. */
export interface SandboxCard {
  reference: string;
  brand: string;
  last4: string;
  expires: string;
}

interface Decline {
  reason: string;
  reason_text: string;
}

export const declined: Decline = { reason: 'CARD_DECLINED', reason_text: 'The card was declined.' };

interface Kind {
  brand: string;
  last4: string;
  /** It expires in so many years; 0: with this month. */
  years: number;
  decline?: Decline;
}

/** What the sandbox's test cards are, by the words of their tokens: `tok_visa`. */
const kinds: Readonly<Record<string, Kind>> = {
  visa: { brand: 'VISA', last4: '4242', years: 3 },
  mastercard: { brand: 'MASTERCARD', last4: '4444', years: 3 },
  declined: { brand: 'VISA', last4: '0002', years: 3, decline: declined },
  expires_soon: { brand: 'VISA', last4: '1117', years: 0 },
  needs_confirmation: {
    ...{ brand: 'VISA', last4: '3155', years: 3 },
    decline: {
      reason: 'AUTHENTICATION_REQUIRED',
      reason_text: "The card's bank wants its owner to confirm each payment.",
    },
  },
};

export const testTokens: readonly string[] = Object.keys(kinds).map((word) => `tok_${word}`);

/** The card that a token stands for. Its kind is part of the reference, so that the sandbox keeps no cards. */
export function cardOf(token: unknown, now: number): SandboxCard | undefined {
  const word = typeof token === 'string' && token.startsWith('tok_') ? token.slice('tok_'.length) : '';
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined;
  if (!kind) return undefined;
  const month = new Date(now).toISOString().slice(5, 7);
  const { brand, last4, years } = kind;
  const expires = `${new Date(now).getUTCFullYear() + years}-${month}`;
  return { reference: `card_${word}_${randomUUID()}`, brand, last4, expires };
}

/** What is said of a charge to this card, if it is no. Without a card it is charged. */
export function declineOf(reference: unknown): Decline | undefined {
  const word = /^card_(\w+)_[\da-f-]{36}$/.exec(String(reference ?? ''))?.[1] ?? '';
  return Object.hasOwn(kinds, word) ? kinds[word]?.decline : undefined;
}
