import { describe, expect, test } from '@jest/globals';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import pino from 'pino';
import { matches } from '#adapters/bus/topic.ts';
import { keyOf } from '#adapters/bus/messages.ts';
import { registry } from '#adapters/grpc/descriptors.ts';
import type { Service } from '#adapters/host/service.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { service as approval } from '../../services/approval/main.ts';
import { service as lecture } from '../../services/lecture/main.ts';
import { service as lodging } from '../../services/lodging/main.ts';
import { service as payment } from '../../services/payment/main.ts';
import { service as payout } from '../../services/payout/main.ts';
import { service as property } from '../../services/property/main.ts';
import { service as tutoring } from '../../services/tutoring/main.ts';
import { service as views } from '../../services/views/main.ts';
import { golden, travelling } from './messages.golden.ts';

/** What a service listens to, without starting it. */
const heardBy = (service: Service) =>
  service.plug({
    store: {} as Store,
    settings: { PAYMENT_PROVIDER_URL: 'http://127.0.0.1:9', BANK_URL: 'http://127.0.0.1:9', JARI_PAYMENT_PROVIDER: 'sandbox' },
    now: Date.now,
    log: pino({ level: 'silent' }),
    development: true,
    send: async () => undefined,
  }).hears;

const services = [lodging, property, payment, approval, lecture, payout, tutoring, views].map((service) => ({ name: service.name, ...heardBy(service) }));
const keys = new Set(travelling().map(({ typeName }) => keyOf(typeName)));

describe('messages between services (K17)', () => {
  test.each(travelling().map((type) => [type.typeName, type] as const))('%s is still read as it was written', (name, type) => {
    const recorded = golden()[name];
    if (!recorded) throw new Error('not recorded yet: node tests/contracts/messages.golden.ts');
    expect(toJson(type, fromBinary(type, Buffer.from(recorded.bytes, 'base64')), { registry })).toEqual(recorded.json);
  });

  test('nothing that was ever sent has been forgotten', () => {
    const known = new Set(travelling().map(({ typeName }) => typeName));
    expect(Object.keys(golden()).filter((name) => !known.has(name))).toEqual([]);
  });

  test('a command has one owner, and it is the context that it is named after', () => {
    const owners = services.flatMap(({ name, commands }) => commands.map((command) => [command, name] as const));
    expect(owners.filter(([command, name]) => command.split('.')[0] !== name)).toEqual([]);
    expect(new Set(owners.map(([command]) => command)).size).toBe(owners.length);
  });

  test('whatever is listened to is something that somebody can say', () => {
    const listenedTo = services.flatMap(({ events, commands }) => [...events, ...commands]).filter((key) => key !== '#');
    expect(listenedTo.filter((key) => !keys.has(key))).toEqual([]);
  });

  test('the read models hear every event (K10)', () => {
    const [all] = services.filter(({ name }) => name === 'views');
    expect([...keys].filter((key) => !all?.events.some((pattern) => matches(pattern, key)))).toEqual([]);
  });
});
