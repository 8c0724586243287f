import { describe, expect, test } from '@jest/globals';
import { str, url } from 'envalid';
import { file, perSecond, port, readSettings, seconds } from './settings.ts';

const specs = {
  JARI_DATABASE_URL: url({ desc: 'Address of the database' }),
  JARI_BUS: str({ choices: ['in-process', 'rabbitmq'], default: 'in-process', desc: 'How messages travel' }),
  JARI_PORT: port({ default: 8080, desc: 'REST' }),
  JARI_PAYMENT_ANSWER_SECONDS: seconds({ default: 10, desc: 'After this, payment is pending' }),
  JARI_RATE_PER_SUBJECT: perSecond({ default: 500, desc: 'Requests of one user' }),
  JARI_TRACES_URL: url({ default: undefined, desc: 'Where traces go' }),
};
const database = { JARI_DATABASE_URL: 'postgres://127.0.0.1/jari' };

describe('settings', () => {
  test('have their defaults', () =>
    expect(readSettings(specs, database)).toEqual({
      JARI_DATABASE_URL: 'postgres://127.0.0.1/jari',
      JARI_BUS: 'in-process',
      JARI_PORT: 8080,
      JARI_PAYMENT_ANSWER_SECONDS: 10,
      JARI_RATE_PER_SUBJECT: 500,
      JARI_TRACES_URL: undefined,
    }));

  test('are what the environment says', () => {
    const { JARI_BUS, JARI_PORT, JARI_PAYMENT_ANSWER_SECONDS, JARI_RATE_PER_SUBJECT } = readSettings(specs, {
      ...database,
      JARI_BUS: 'rabbitmq',
      JARI_PORT: '0',
      JARI_PAYMENT_ANSWER_SECONDS: '0.5',
      JARI_RATE_PER_SUBJECT: '0',
    });
    expect([JARI_BUS, JARI_PORT, JARI_PAYMENT_ANSWER_SECONDS, JARI_RATE_PER_SUBJECT]).toEqual(['rabbitmq', 0, 0.5, 0]);
  });

  test('that are empty count as not given', () => {
    expect(readSettings(specs, { ...database, JARI_PORT: '' }).JARI_PORT).toBe(8080);
    expect(() => readSettings(specs, { JARI_DATABASE_URL: '' })).toThrow(
      'JARI_DATABASE_URL is missing: Address of the database',
    );
  });

  test('that are wrong are all named at once, each with its value and what was expected', () => {
    const bad = {
      JARI_BUS: 'kafka',
      JARI_PORT: '80800',
      JARI_PAYMENT_ANSWER_SECONDS: '10s',
      JARI_RATE_PER_SUBJECT: '-1',
      JARI_TRACES_URL: 'somewhere',
    };
    expect(() => readSettings(specs, bad)).toThrow(
      [
        'these settings (environment variables) are wrong:',
        '  JARI_DATABASE_URL is missing: Address of the database',
        '  JARI_BUS=kafka is not one of in-process, rabbitmq',
        '  JARI_PORT=80800 is not a port, 0 to 65535',
        '  JARI_PAYMENT_ANSWER_SECONDS=10s is not a number of seconds, more than 0',
        '  JARI_RATE_PER_SUBJECT=-1 is not a number per second, 0 or more',
        '  JARI_TRACES_URL=somewhere is not a valid url',
      ].join('\n'),
    );
  });

  test('never show a password when they are wrong', () =>
    expect(() => readSettings(specs, { JARI_DATABASE_URL: 'postgres://jari:secret@host:port/jari' })).toThrow(
      'JARI_DATABASE_URL=postgres://jari:***@host:port/jari is not a valid url',
    ));

  test.each(['0', '-1', '', 'ten', '1e3', '10 '])('a time of %j seconds is refused, or the default', (value) => {
    const read = (): number => readSettings({ S: seconds({ default: 7 }) }, { S: value }).S;
    if (value === '') expect(read()).toBe(7);
    else expect(read).toThrow('is not a number of seconds');
  });

  test('a file is refused that is not there to be read', () => {
    expect(readSettings({ F: file() }, { F: import.meta.filename }).F).toBe(import.meta.filename);
    expect(() => readSettings({ F: file() }, { F: '/nowhere/token' })).toThrow(
      'F=/nowhere/token is not a file that can be read',
    );
  });
});
