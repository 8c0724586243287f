import { describe, expect, test } from '@jest/globals';
import { reasons } from '../../services/notification/reasons.ts';
import { eventTexts } from '../../services/views/event-texts.ts';
import { services } from '../../services/registry.ts';
import { statusTexts } from '../../services/views/status-texts.ts';
import { coming, comes } from '../../web/orders/coming.ts';
import { reasonTexts } from '../../web/orders/reasons.ts';
import { en } from '../../web/orders/states.en.ts';
import { ko } from '../../web/orders/states.ko.ts';
import { errorTexts } from '../../web/text/errors.ts';
import { document, operations } from '../contracts/openapi.ts';
import { localReplies } from '#adapters/gateway/local-replies.ts';
import { readProtos, travelling } from '../../docs/draw/protos.ts';
import { checkout } from '../system/kit/embedded.ts';

// The words of the pages, compared with the contract: what a customer can meet, has a sentence.

const hangul = /[가-힣]/;

describe('An error', () => {
  const met = operations
    .filter(({ operation }) => !operation['x-roles'] || operation['x-roles'].includes('customer'))
    .flatMap(({ operation }) => Object.values(operation.responses))
    .flatMap((response) => response['x-reasons'] ?? []);
  const reasonsMet = [...new Set([...met, ...localReplies.map(({ reason }) => reason)])].sort();

  test.each(reasonsMet)('%s that a customer can meet has a sentence in both languages (W1)', (reason) => {
    expect(errorTexts[reason]?.ko).toMatch(hangul);
    expect(errorTexts[reason]?.en).toMatch(/^[A-Z].*[.]$/);
  });

  test('is told to customers in 해요체, without a code', () => {
    for (const { ko: text } of Object.values(errorTexts)) expect(text).toMatch(/요\.$/);
    for (const { en: text } of Object.values(errorTexts)) expect(text).not.toMatch(/[A-Z]{2,}_/);
  });
});

describe('An order', () => {
  const kinds: Readonly<Record<string, string>> = {
    'lodging.reservation': 'lodging.Reservation.Status',
    'seating.selection': 'seating.SeatSelection.Status',
    'rental.rental': 'rental.Rental.Status',
    'preorder.preorder': 'preorder.Preorder.Status',
    'tutoring.purchase': 'tutoring.Purchase.Status',
    'tutoring.lesson': 'tutoring.Lesson.Status',
  };
  const wordsIn = (schema: string): readonly string[] =>
    (document.components.schemas[schema] as { enum?: readonly string[] }).enum ?? [];
  const states = Object.entries(kinds).flatMap(([kind, schema]) =>
    wordsIn(schema)
      .filter((status) => status !== 'STATUS_UNSPECIFIED')
      .map((status) => `${kind} ${status}`),
  );
  const cores = services.filter(({ kind }) => kind === 'core').map(({ name }) => name);
  const capabilities = [...new Set(readProtos(checkout).map(({ context }) => context))].filter(
    (context) => !cores.includes(context),
  );
  /** Commands begin with a verb. */
  const isEvent = (name: string): boolean =>
    !/^(Request|Withdraw|Cancel|Release|Commit|Register|Schedule|Reverse|Hold|Reserve)[A-Z]/.test(name);
  const firstWords = (states: Readonly<Record<string, readonly (string | undefined)[]>>) =>
    Object.fromEntries(Object.entries(states).map(([state, [word]]) => [state, word]));
  const phases = wordsIn('order.Order.Phase').filter((phase) => phase !== 'PHASE_UNSPECIFIED');

  test('has words for each state of each business, and for each phase of one that the pages do not know (W1)', () => {
    expect(states.length).toBeGreaterThan(40);
    expect(Object.keys(ko).sort()).toEqual([...states, ...phases].sort());
    expect(Object.keys(en).sort()).toEqual([...states, ...phases].sort());
  });

  test('has words for each reason that it can end with', () => {
    expect(Object.keys(reasonTexts).sort()).toEqual(Object.keys(reasons).sort());
  });

  test('has words in views for each state of each business and each phase, in both languages, as few as the pages use (B10)', () => {
    const words = (language: 'ko' | 'en') =>
      Object.entries(statusTexts).map(([state, text]) => [state, text[language]]);
    expect(Object.fromEntries(words('ko'))).toEqual(firstWords(ko));
    expect(Object.fromEntries(words('en'))).toEqual(firstWords(en));
  });

  test('has words in views for each event of its business and of each capability that tells of orders, in both languages (B10)', () => {
    const files = readProtos(checkout);
    const ofBusiness = cores.flatMap((context) => travelling(files, context).map(({ name }) => `${context}.${name}`));
    const ofCapability = capabilities.flatMap((context) =>
      travelling(files, context)
        .filter(({ name, types }) => types[0] === 'jari.order.v1.OrderRef' && isEvent(name))
        .map(({ name }) => `${context}.${name}`),
    );
    expect(ofCapability.length).toBeGreaterThan(30);
    expect(Object.keys(eventTexts).sort()).toEqual([...ofBusiness, ...ofCapability].sort());
    for (const { ko: korean, en: english } of Object.values(eventTexts)) {
      expect(korean).toMatch(/요$/);
      expect(english).toMatch(/^[A-Z]/);
    }
  });

  test('says what is still to come in states that there are', () => {
    expect(Object.keys(coming).filter((state) => ![...states, ...phases].includes(state))).toEqual([]);
    expect(Object.keys(comes.ko)).toEqual(Object.keys(comes.en));
  });
});
