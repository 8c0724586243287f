import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { modelOf, type Message, type Model } from '../../docs/draw/model.ts';
import { redraw } from '../../docs/draw/redraw.ts';
import { withServices } from '../../docs/draw/services.ts';
import { rowsUnder } from '../../docs/draw/readmes.ts';
import { settingsIn } from '../../docs/draw/shape.ts';
import { parse, reached, unionOf } from '../../docs/draw/source.ts';
import { catalogue, edgesOf, settings } from '../../docs/draw/tables.ts';
import { unexplained } from '../../docs/draw/unexplained.ts';
import { services } from '../../services/registry.ts';

const root = join(import.meta.dirname, '../..');
let model: Model;
beforeAll(() =>
  withServices(root, (services) => {
    model = modelOf(root, services);
  }),
);

describe('a document', () => {
  const text = 'before\n<!-- drawn: map -->\nas it was\n<!-- end -->\nafter\n';
  test('is drawn anew between its marks, and nowhere else', () => {
    expect(redraw(text, (name) => `a ${name}`)).toBe('before\n<!-- drawn: map -->\na map\n<!-- end -->\nafter\n');
  });
  test('is stale when the code says something else, and fresh once it was drawn', () => {
    const draw = (): string => 'as it is';
    expect(redraw(text, draw)).not.toBe(text);
    expect(redraw(redraw(text, draw), draw)).toBe(redraw(text, draw));
  });
});

describe('the story that a core tells', () => {
  const core = parse(
    '/nowhere/planted.ts',
    `type Input = { type: 'Ask' } | { type: 'Cancel' } | { type: 'Late' | 'Later' };
     type PlantedEvent = { type: 'Asked' } | { type: 'Cancelled' } | { type: 'Refunded' } | { type: 'Waited' };
     function decide(state: State, input: Input) {
       switch (input.type) {
         case 'Ask': return accept({ type: 'Asked' });
         case 'Cancel': return cancel(state, input);
         case 'Late':
         case 'Later': return accept({ type: state.paid ? 'Refunded' : 'Waited' });
       }
     }
     const cancel = (state: State, input: Input) => input.type === 'Cancel' ? accept({ type: 'Cancelled' }) : accept({ type: 'Waited' });`,
  );
  const events = (input: string): string[] => reached(core, ['decide'], input).flatMap(({ type = [] }) => type);

  test('begins with what comes in and ends with what happened', () => {
    expect([unionOf(core, 'Input'), unionOf(core, 'Event')]).toEqual([
      ['Ask', 'Cancel', 'Late', 'Later'],
      ['Asked', 'Cancelled', 'Refunded', 'Waited'],
    ]);
  });
  test('follows the case that fits', () => expect(events('Ask')).toEqual(['Asked']));
  test('follows a rule into its helpers, by the branch that fits', () =>
    expect(events('Cancel')).toEqual(['Cancelled']));
  test('follows a case that falls through, and tells both ends of a choice', () =>
    expect(events('Late')).toEqual(['Refunded', 'Waited']));

  test('is complete for lodging: whatever happens has a cause, whatever comes in an effect (K18, K22)', () => {
    const [story] = model.services.find(({ name }) => name === 'lodging')?.stories ?? [];
    const caused = story?.inputs.flatMap((input) => input.events);
    expect(story?.inputs.filter((input) => input.events.length === 0)).toEqual([]);
    expect(story?.events.filter(({ name }) => !caused?.includes(name))).toEqual([]);
    expect(story?.events.find(({ name }) => name === 'ReservationCancelling')?.asks).toEqual([
      'property.ReleaseStay',
      'payment.CancelPayment',
    ]);
  });
});

describe('the catalogue of messages (K19)', () => {
  const message = (name: string): Message | undefined => model.messages.find((each) => each.name === name);

  test('knows who sends a command, and who hears it', () => {
    expect(message('RequestStay')).toMatchObject({
      kind: 'command',
      sentBy: ['lodging'],
      heardBy: ['property'],
      routingKey: 'property.RequestStay',
    });
  });
  test('knows who hears an event, by name or because it hears all', () => {
    expect(message('PaymentCompleted')).toMatchObject({
      kind: 'event',
      sentBy: ['payment'],
      heardBy: expect.arrayContaining(['lodging', 'property', 'views']),
    });
    expect(message('ReservationPaid')).toMatchObject({
      heardBy: expect.arrayContaining(['views', 'notification']),
      routingKey: 'order.lodging.ReservationPaid',
    });
  });
  test('lists no part of a message as one', () => expect(message('RoomListing')).toBeUndefined());
  test('has no command that nobody sends and no event that nobody hears', () => {
    expect(
      model.messages.filter(({ sentBy, heardBy }) => !sentBy.length || !heardBy.length).map(({ name }) => name),
    ).toEqual([]);
  });
  test('names every message of the edges', () => {
    const text = catalogue(model);
    for (const { messages } of edgesOf(model))
      for (const { name } of messages) expect(text).toContain(`| \`${name}\` |`);
  });
});

describe('what nobody explained is found:', () => {
  const unheardOf: Message = {
    context: 'payment',
    name: 'Planted',
    comment: '',
    kind: 'event',
    routingKey: 'payment.Planted',
    sentBy: ['payment'],
    heardBy: ['payout'],
  };

  test('an edge between two services (K21)', () => {
    expect(unexplained({ ...model, messages: [...model.messages, unheardOf] })).toContain(
      'services/payment/README.md does not say why payment → payout',
    );
  });
  test('an explanation whose edge is gone', () => {
    const messages = model.messages.filter(({ context }) => context !== 'payment');
    expect(unexplained({ ...model, messages })).toContain(
      'services/payment/README.md explains payment → property, which does not exist',
    );
  });
  test('a service (K1)', () => {
    const stranger = { ...model.services[0]!, name: 'stranger' };
    expect(unexplained({ ...model, services: [...model.services, stranger] })).toEqual(
      expect.arrayContaining([
        'services/stranger/README.md has no table under “Context”',
        'services/stranger/README.md has no table under “Words”',
      ]),
    );
  });
  test('a message that a text names and the code does not have', () => {
    const messages = model.messages.filter(({ name }) => name !== 'PaymentDeferred');
    expect(unexplained({ ...model, messages })).toContain(
      'docs/events.md names `payment.PaymentDeferred`, which is not a message',
    );
  });
});

describe('the table of settings', () => {
  test('takes a variable from where it is declared, with default and meaning', () => {
    const source = parse(
      '/nowhere/main.ts',
      `const settings = { JARI_PATIENCE_SECONDS: num({ default: 86_400, desc: 'How long.' }), other: num({ default: 1 }) };`,
    );
    expect(settingsIn(source)).toEqual([{ name: 'JARI_PATIENCE_SECONDS', default: '86400', description: 'How long.' }]);
  });
  test('has every variable of every service', () => {
    const table = settings(model);
    const names = model.services.flatMap(({ service }) => Object.keys(service.settings));
    expect(names.filter((name) => !table.includes(`| \`${name}\` |`))).toEqual([]);
    for (const name of ['PORT', 'GRPC_PORT', 'JARI_DATA']) expect(table).toContain(`| \`${name}\` |`);
  });
});

describe('the words of the business (K4, K24)', () => {
  const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8');
  const rows = [...glossary.matchAll(/^\| ([^|]*[가-힣][^|]*) \| ([^|]+) \|/gm)].map(([, korean, english]) => ({
    korean: korean!,
    english: english!,
  }));
  const files = globSync('{services,kernel,proto/jari}/**/*.{ts,proto}', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  );
  const code = files
    .map((file) => readFileSync(join(root, file), 'utf8').replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, ''))
    .join('\n'); // comments may say anything

  test('stand in the glossary', () => {
    const words = new Set(rows.flatMap(({ korean }) => korean.split(', ')));
    expect(['예약', '숙소', '객실', '결제', '취소 정책'].filter((word) => !words.has(word))).toEqual([]);
  });
  test('are the names in the code', () => {
    const unused = rows.filter(({ english }) => !english.split(/[,;]| in | of /).some((term) => spoken(code, term)));
    expect(unused).toEqual([]);
  });
});

/** In whatever way the code writes it: `check-in` as checkIn or check_in. */
const spoken = (code: string, term: string): boolean => {
  const words = term
    .replace(/[`{].*$|`/g, '')
    .trim()
    .split(/[ -]/)
    .filter(Boolean);
  return words.length > 0 && new RegExp(words.join('[ _-]?'), 'i').test(code);
};

describe('why these services, and why no transaction is torn apart by the split (K20)', () => {
  const record = readFileSync(join(root, 'docs/adr/0001-services-along-the-business.md'), 'utf8');
  const tablesIn = (text: string): string[] => [...text.matchAll(/`([a-z_]+)`/g)].map(([, table]) => table!);
  /** In the record, or for a later business in its README. */
  const rules = [
    ...[...record.matchAll(/^\| [^|]+ \| ([a-z]+), (`[^|]+) \|$/gm)].map(([, service, where]) => ({
      service,
      tables: tablesIn(where!),
    })),
    ...services.flatMap(({ name: service }) =>
      rowsUnder(root, service, 'Rules').map((row) => ({ service, tables: tablesIn(row) })),
    ),
  ];
  /** Whatever claims something holds a rule between aggregates. */
  const claiming = (): string[] =>
    model.services
      .map(({ name }) => name)
      .filter((name) =>
        globSync(`services/${name}/process.ts`, { cwd: root }).some((path) =>
          /\bclaims\b/.test(readFileSync(join(root, path), 'utf8')),
        ),
      );

  test('is a record that says of each rule in which aggregate of which service it holds', () => {
    const unheld = rules.flatMap(({ service, tables }) => {
      const made =
        model.services
          .find(({ name }) => name === service)
          ?.service.migrations.flatMap(({ up }) => up)
          .join() ?? '';
      return tables
        .filter((table) => !new RegExp(`create table ${table} `).test(made))
        .map((table) => `${service} has no ${table}`);
    });
    expect(unheld).toEqual([]);
  });
  test('leaves out no service that holds such a rule', () => {
    const named = new Set(rules.map(({ service }) => service));
    expect([...claiming(), 'payment', 'lodging'].filter((name) => !named.has(name))).toEqual([]);
  });
});
