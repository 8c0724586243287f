import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { krw } from '#kernel/money.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { reasons, reasonWords } from './reasons.ts';
import { templates, textOf, type Facts } from './templates.ts';
import { generalTexts } from './texts-general.ts';
import type { Recipient, Template } from './texts.ts';

const checkout = join(import.meta.dirname, '../..');
const languages = ['KO', 'EN'] as const;
const recipients: readonly Recipient[] = ['customer', 'provider'];

/** Every event about an order that a person is told of, as the protos have them: those of the cores, and those of delivery. */
const events = [...registry].flatMap((each) => {
  if (each.kind !== 'message' || !/^jari\.\w+\.v1\.\w+$/.test(each.typeName)) return [];
  const [first, second] = [1, 2].map((number) => each.fields.find((field) => field.number === number));
  const holds = first?.fieldKind === 'message' ? first.message.typeName : '';
  const ofCore = holds === 'jari.order.v1.Order' && first?.name === 'order' && each.name !== 'CoreEvent';
  const ofDelivery =
    each.typeName.startsWith('jari.delivery.') && holds === 'jari.order.v1.OrderRef' && second?.name === 'version';
  return ofCore || ofDelivery
    ? [{ type: each.typeName as string, context: each.typeName.split('.')[1]!, name: each.name }]
    : [];
});

/** An order as its core tells of it. */
const facts = (type: string, more: Partial<Facts> = {}): Facts => ({
  ...{
    type,
    title: 'Pine 2',
    phase: 'ACTIVE',
    reason: '',
    reasonText: '',
    total: krw(45_000),
    at: Date.UTC(2026, 10, 29, 7, 57),
  },
  attributes: {
    start_time: '2026-12-24T06:00:00.000Z',
    end_time: '2026-12-24T08:00:00.000Z',
    time_zone: 'Asia/Seoul',
    dealership_name: '강남점',
  },
  ...more,
});

/** Who is written to about an event. */
function readersOf(template: Template): readonly Recipient[] {
  if ('owner' in template) return ['customer'];
  return template.provider === 'platform' ? ['customer'] : recipients;
}

const all = events.flatMap(({ type, context, name }) => {
  const template = templates[context]?.[name];
  return template
    ? readersOf(template).flatMap((recipient) => languages.map((language) => ({ type, recipient, language })))
    : [];
});

/** What no reader may see: a code, a missing word, a brace, an empty line. */
const raw = /undefined|null|NaN|\[object|\{|\}|[A-Z]{2,}_[A-Z]|\[\]|^\s*$|\n\n/m;

describe('a message says what, when, why, and what to do next, in both languages (B10)', () => {
  test('of a business that has texts, every event of its protos has one, and no text is of an event that does not exist', () => {
    expect(Object.keys(templates)).toEqual(expect.arrayContaining(events.map(({ context }) => context)));
    const known = events.filter(({ context }) => Object.hasOwn(templates, context));
    const written = Object.entries(templates).flatMap(([context, ofContext]) =>
      Object.keys(ofContext).map((name) => `jari.${context}.v1.${name}`),
    );
    expect(written.toSorted()).toEqual(known.map(({ type }) => type).toSorted());
  });

  test.each(all)('$type to the $recipient in $language', ({ type, recipient, language }) => {
    const { text } = textOf(facts(type, { reason: 'PAYMENT_TIMEOUT' }), recipient, language);
    const [head, what, when, why, next] = text.split('\n');
    expect(head).toMatch(/^\[.+\] Pine 2$/);
    expect(when).toBe(
      language === 'KO'
        ? '일시: 2026년 12월 24일 (목) 15:00 – 17:00 (Asia/Seoul 시간)'
        : 'When: Thu, 24 Dec 2026 15:00 – 17:00 (Asia/Seoul time)',
    );
    expect(why).toBe(language === 'KO' ? '사유: 제때 결제되지 않았어요' : 'Why: it was not paid in time');
    for (const line of [what, next]) expect(line).toMatch(language === 'KO' ? /[가-힣].*요\.$/ : /^[A-Z].*\.$/);
    expect(text).not.toMatch(raw);
    if (language === 'EN') expect(text.replace('강남점', '')).not.toMatch(/[가-힣]/);
    if (language === 'KO') expect(text).not.toMatch(/습니다|세요\?|하십시오/);
  });

  test.each(all)(
    '$type to the $recipient in $language is whole also when the order says little',
    ({ type, recipient, language }) => {
      const { text } = textOf(facts(type, { title: '\u200b', attributes: {}, total: undefined }), recipient, language);
      expect(text).not.toMatch(raw);
      expect(text.split('\n').length).toBeGreaterThanOrEqual(3);
      expect(text).toContain(
        language === 'KO'
          ? '일시: 2026년 11월 29일 (일) 16:57 (Asia/Seoul 시간)'
          : 'When: Sun, 29 Nov 2026 16:57 (Asia/Seoul time)',
      );
    },
  );

  test('the host never gets the guest’s text, nor does any provider the customer’s', () => {
    for (const { type } of events) {
      if (all.filter((each) => each.type === type).length < 4) continue; // nobody else is told
      for (const language of languages) {
        const [customer, provider] = recipients.map((recipient) => textOf(facts(type), recipient, language).text);
        expect([type, provider]).not.toEqual([type, customer]);
      }
    }
  });

  test('no two steps of a business have the same text, so that nobody reads the same twice on an order’s way to its end', () => {
    for (const context of Object.keys(templates))
      for (const recipient of recipients)
        for (const language of languages) {
          // A delivery is a part of its order: its steps are told beside those of the business.
          const steps = all.filter(
            (each) =>
              each.recipient === recipient &&
              each.language === language &&
              [context, 'delivery'].includes(each.type.split('.')[1]!),
          );
          const told = steps.map(({ type }) => textOf(facts(type), recipient, language).text);
          expect(new Set(told).size).toBe(told.length);
        }
  });

  test('a business without texts of its own gets a general text for each phase and reader, in both languages', () => {
    const told = Object.keys(generalTexts)
      .concat('')
      .flatMap((phase) =>
        recipients.flatMap((recipient) =>
          languages.map(
            (language) =>
              textOf(facts('jari.laundry.v1.WashingDone', { phase, reason: 'MACHINE_BROKEN' }), recipient, language)
                .text,
          ),
        ),
      );
    expect(new Set(told).size).toBe(told.length);
    for (const text of told) {
      expect(text).not.toMatch(raw);
      expect(text).toMatch(/(일시: 2026년 12월 24일 \(목\) 15:00|When: Thu, 24 Dec 2026 15:00)/);
    }
  });

  test('nights are from check-in to the day of check-out, and times are those of the place', () => {
    const attributes = {
      check_in: '2026-12-24',
      check_out: '2026-12-26',
      start_time: '2026-12-24T20:00:00.000Z',
      time_zone: 'America/New_York',
    };
    const told = (language: 'KO' | 'EN') =>
      textOf(facts('jari.lodging.v1.ReservationPaid', { attributes }), 'customer', language).text;
    expect(told('KO')).toContain(
      '일시: 2026년 12월 24일 (목) 15:00 체크인 – 2026년 12월 26일 (토) 체크아웃 (America/New_York 시간)',
    );
    expect(told('EN')).toContain(
      'When: check-in Thu, 24 Dec 2026 15:00, check-out Sat, 26 Dec 2026 (America/New_York time)',
    );
    expect(told('EN')).toContain('You can cancel until Thu, 24 Dec 2026 15:00.');
  });
});

describe('a reason', () => {
  /** Codes that cores and capabilities give, as their protos and their code say them. */
  const given = (): string[] => {
    const codes = globSync('proto/jari/*/v1/messages.proto', { cwd: checkout }).flatMap((path) => {
      const context = path.split('/')[2]!;
      if (ofNoOrder.has(context)) return [];
      const proto = readFileSync(join(checkout, path), 'utf8').replaceAll(/\n\s*\/\/ /g, ' ');
      const said = [...proto.matchAll(/reason`:((?:[ ,]+[A-Z]+(?:_[A-Z]+)*\b(?: \([^)]*\))?)+)/g)].flatMap(
        ([, list]) => list!.match(/\b[A-Z]+(?:_[A-Z]+)*\b/g) ?? [],
      );
      const sources = globSync(`services/${context}/*.ts`, { cwd: checkout })
        .filter((file) => !file.endsWith('.test.ts'))
        .map((file) => readFileSync(join(checkout, file), 'utf8'));
      return [
        ...said,
        ...sources.flatMap((source) =>
          [...source.matchAll(/(?:cause|[^a-z]reason): '([A-Z_]+)'/g)].map(([, code]) => code!),
        ),
      ];
    });
    return [...new Set(codes)].filter((code) => !notOfOrders.has(code));
  };
  /** Contexts whose reasons nobody reads in a message about an order. */
  const ofNoOrder = new Set(['payout', 'notification', 'identity']);
  /** What a preview or an internal step says, and no message. */
  const notOfOrders = new Set([
    'PROVIDER_UNANSWERED',
    'PROVIDER_DOWN',
    'NOT_CANCELLABLE',
    'SAME_DAY',
    'BEFORE_START',
    'NOTHING_PAID',
    'ALREADY_DECIDED',
    'NOT_CHARGED',
    'MORE_THAN_CHARGED',
  ]);

  test('that anybody gives has words in both languages', () => {
    const codes = given();
    expect(codes).toEqual(
      expect.arrayContaining([
        'NIGHTS_TAKEN',
        'DECLINED_BY_HOST',
        'PAYMENT_TIMEOUT',
        'SELLER_ABSENT',
        'LECTURE_LIVE',
        'SEAT_TAKEN',
      ]),
    );
    expect(codes.filter((code) => !Object.hasOwn(reasons, code))).toEqual([]);
  });

  test('is never a code', () => {
    for (const code of [...Object.keys(reasons), 'SOMETHING_NEW'])
      for (const language of languages)
        expect(reasonWords(code, language)).toMatch(language === 'KO' ? /[가-힣].*요$/ : /^[a-z][^_]+$/);
    expect(reasonWords('', 'KO')).toBe('');
  });
});

describe('the words of one person', () => {
  const rejected = (reason: string) =>
    textOf(
      facts('jari.lodging.v1.ReservationRejected', { reason, reasonText: 'See http://bank.example' }),
      'customer',
      'EN',
    );

  test('are read in the app without a link, and do not leave for a telephone', () => {
    const { text, outside } = rejected('DECLINED_BY_HOST');
    expect(text).toContain('Why: the host declined the request “See bank·example”');
    expect(outside).toContain('Why: the host declined the request\n');
    expect(outside).not.toContain('bank');
  });

  test('leave for a telephone when an administrator wrote them', () => {
    expect(rejected('REJECTED_BY_ADMIN').outside).toBeUndefined();
    expect(rejected('REJECTED_BY_ADMIN').text).toContain('“See bank·example”');
  });

  test('in a title are one short line without a link, in the app and outside', () => {
    const { text } = textOf(
      facts('jari.tutoring.v1.LessonOnSale', { title: `Win\nat https://bank.example ${'!'.repeat(200)}` }),
      'customer',
      'EN',
    );
    expect(text.split('\n')[0]).toMatch(/^\[On sale\] Win at bank·example !+…$/);
  });
});
