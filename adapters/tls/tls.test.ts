import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '#adapters/settings/settings.ts';
import { authorityIn } from './certificates.fixture.ts';
import { certificateProblem, tlsOf, tlsSettings } from './tls.ts';

const dir = mkdtempSync(join(tmpdir(), 'jari-tls-'));
afterAll(() => rmSync(dir, { recursive: true }));
const authority = authorityIn(dir, 'authority');
const lodging = authority.issue('lodging', ['DNS:lodging', 'IP:127.0.0.1']);
const payment = authority.issue('payment', ['DNS:payment']);

const given = { JARI_TLS_CA: authority.file, JARI_TLS_CERT: lodging.cert, JARI_TLS_KEY: lodging.key };
const reading = (env: Record<string, string>) => () => tlsOf(readSettings(tlsSettings, env));

describe('certificates by settings (9)', () => {
  test('are read once, with a name that the own one is for', () =>
    expect(reading({ ...given, JARI_TLS_CLIENTS: 'verified' })()).toMatchObject({
      own: { name: 'lodging' },
      isMutual: true,
      authorities: expect.any(Buffer),
    }));
  test('may be left away', () =>
    expect(reading({})()).toEqual({ authorities: undefined, own: undefined, isMutual: false }));

  test.each<[string, Record<string, string>, string]>([
    ['no key', { JARI_TLS_CERT: lodging.cert }, 'JARI_TLS_KEY is missing'],
    ['a file that is not there', { ...given, JARI_TLS_CERT: join(dir, 'none.crt') }, 'a file that can be read'],
    ["somebody else's key", { ...given, JARI_TLS_KEY: payment.key }, 'is not the key of the certificate'],
    ['a certificate that is none', { ...given, JARI_TLS_CERT: lodging.key }, 'does not hold a certificate'],
    [
      'verified callers without an authority',
      { JARI_TLS_CERT: lodging.cert, JARI_TLS_KEY: lodging.key, JARI_TLS_CLIENTS: 'verified' },
      'needs JARI_TLS_CA',
    ],
  ])('are refused with %s', (_, env, why) => expect(reading(env)).toThrow(why));

  test('are refused when they have ended', () => {
    const later = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3 * 86_400_000);
    try {
      expect(reading(given)).toThrow(/lodging\.crt ended on 20/);
    } finally {
      later.mockRestore();
    }
  });

  test('that are not trusted are told from other errors, also behind them', () => {
    const error = Object.assign(new Error('self-signed certificate in certificate chain'), {
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    });
    expect(certificateProblem(new Error('no connection', { cause: error }))).toContain(
      'its certificate is not trusted: self-signed certificate',
    );
    expect(certificateProblem(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBeUndefined();
    expect(certificateProblem(undefined)).toBeUndefined();
  });
});
