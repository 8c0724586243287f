import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { matches } from '#adapters/bus/topic.ts';
import { keyOf } from '#adapters/bus/messages.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { withServices } from '../../docs/draw/services.ts';
import { golden, inFile, recordedText, travelling } from './messages.golden.ts';

/** What each service listens to, without starting it. */
const services = await withServices(join(import.meta.dirname, '../..'), (drawn) =>
  drawn.map(({ service, plugged }) => ({ name: service.name, ...plugged.subscriptions })),
);
const keys = new Set(travelling().map(({ typeName }) => keyOf(typeName)));

describe('messages between services (K17)', () => {
  test.each(travelling().map((type) => [type.typeName, type] as const))(
    '%s is still read as it was written',
    (name, type) => {
      const recorded = golden()[name];
      if (!recorded) throw new Error('not recorded yet: run npm run contracts:record');
      expect(toJson(type, fromBinary(type, Buffer.from(recorded.bytes, 'base64')), { registry })).toEqual(
        recorded.json,
      );
    },
  );

  test('the record is stored as its program writes it, so recording one message changes no other', () => {
    expect(recordedText()).toBe(inFile(golden()));
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
    const listenedTo = services.flatMap(({ events, commands }) => [...events, ...commands]);
    const said = [...keys].flatMap((key) => [key, `order.${key}`]);
    expect(listenedTo.filter((pattern) => !said.some((key) => matches(pattern, key)))).toEqual([]);
  });

  test('the read models hear every event (K10)', () => {
    const [all] = services.filter(({ name }) => name === 'views');
    expect([...keys].filter((key) => !all?.events.some((pattern) => matches(pattern, key)))).toEqual([]);
  });
});
