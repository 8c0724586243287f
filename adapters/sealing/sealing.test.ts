import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { CannotOpen, isSealed, sealingFor } from './sealing.ts';
import { secretIn, secretsOf } from './secrets.ts';

const [first, second] = ['first-secret-that-is-long-enough-to-be-one', 'second-secret-that-is-long-enough-to-be-one'];
const sealing = sealingFor('test', { current: first, old: [] });

describe('a sealed value', () => {
  test('opens to what was sealed, and neither shows it nor is the same twice', () => {
    const sealed = sealing.seal('+821012345678');
    expect(sealing.open(sealed)).toBe('+821012345678');
    expect(isSealed(sealed)).toBe(true);
    expect(sealed).not.toContain('1012345678');
    expect(sealing.seal('+821012345678')).not.toBe(sealed);
    expect(Buffer.from(sealing.openBytes(sealing.sealBytes(Buffer.from([0, 1, 255]))))).toEqual(
      Buffer.from([0, 1, 255]),
    );
  });

  test('that was changed, or sealed for another purpose, does not open', () => {
    const sealed = sealing.seal('+821012345678');
    const changed = sealed.slice(0, -4) + (sealed.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    expect(() => sealing.open(changed)).toThrow(CannotOpen);
    expect(() => sealingFor('another', { current: first, old: [] }).open(sealed)).toThrow(CannotOpen);
  });

  test('opens with an old secret, and what is sealed from then on needs the new one alone', () => {
    const rotated = sealingFor('test', { current: second, old: [first] });
    const old = sealing.seal('a');
    expect(rotated.open(old)).toBe('a');
    expect([rotated.isCurrent(old), rotated.isCurrent(rotated.seal('a'))]).toEqual([false, true]);
    expect(() => sealing.open(rotated.seal('a'))).toThrow(CannotOpen);
    expect(sealingFor('test', { current: second, old: [] }).open(rotated.seal('a'))).toBe('a');
  });

  test('of an earlier version, in plain text, is read as it is', () =>
    expect(sealing.open('010-1234-5678')).toBe('010-1234-5678'));

  test('has a digest that is the same for the same text and depends on the secret', () => {
    expect(sealing.digest('a')).toBe(sealing.digest('a'));
    expect(sealing.digest('a')).not.toBe(sealing.digest('b'));
    expect(sealing.digest('a')).not.toBe(sealingFor('test', { current: second, old: [] }).digest('a'));
  });
});

describe('the secret', () => {
  const data = mkdtempSync(join(tmpdir(), 'jari-secret-'));
  afterAll(() => rmSync(data, { recursive: true, force: true }));

  test('is made once in development, readable by its owner alone', () => {
    const made = secretsOf({ settings: { JARI_SECRET: '', JARI_DATA: data }, development: true }).current;
    expect(made.length).toBeGreaterThanOrEqual(32);
    expect(secretIn(data)).toBe(made);
    expect(statSync(join(data, 'secret')).mode & 0o777).toBe(0o600);
  });

  test('is needed in production, is long, and may have predecessors', () => {
    expect(() => secretsOf({ settings: { JARI_SECRET: '', JARI_DATA: data }, development: false })).toThrow(
      'JARI_SECRET is missing',
    );
    expect(() => secretsOf({ settings: { JARI_SECRET: 'short' }, development: true })).toThrow('needs at least 32');
    expect(() =>
      secretsOf({ settings: { JARI_SECRET: 'a secret with spaces, which is long enough' }, development: true }),
    ).toThrow('contains a space');
    expect(
      secretsOf({ settings: { JARI_SECRET: second, JARI_OLD_SECRETS: `${first} x` }, development: false }),
    ).toEqual({ current: second, old: [first, 'x'] });
  });
});
