import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { envoyProblems, needsVerifiedEmail, productionProblems, signInProblems } from './production.ts';

const fit = {
  DATABASE_URL: 'postgres://payment:Zk3vQ9@db.example/payment?sslmode=verify-full',
  RABBITMQ_URL: 'amqps://payment:Zk3vQ9@broker.example',
  JARI_JWKS_URL: 'https://id.example/jwks',
  JARI_ISSUER: 'https://id.example',
  GRPC_HOST: '127.0.0.1',
  JARI_PAYMENT_PROVIDER: 'stripe',
  STRIPE_API_KEY: 'sk_live_1',
  STRIPE_PAYMENT_METHOD: 'pm_1',
};

describe('production (15)', () => {
  test('starts with what is fit', () => expect(productionProblems(fit)).toEqual([]));

  test.each([
    ['no database', { DATABASE_URL: '' }, 'DATABASE_URL is missing'],
    ['no broker', { RABBITMQ_URL: '' }, 'RABBITMQ_URL is missing'],
    ['no keys of an identity provider', { JARI_JWKS_URL: '' }, 'JARI_JWKS_URL is missing'],
    ["the development key's issuer", { JARI_ISSUER: 'https://jari.local' }, 'JARI_ISSUER is missing'],
    ['the sandbox for money', { JARI_PAYMENT_PROVIDER: 'sandbox' }, 'production allows stripe only'],
    ['no key of the provider', { STRIPE_API_KEY: '' }, 'STRIPE_API_KEY is missing'],
    ['no bank', { BANK_URL: '' }, 'BANK_URL is missing'],
    ['no messenger', { MESSENGER_URL: '' }, 'MESSENGER_URL is missing'],
    [
      'no mail server where people verify their addresses before they order',
      { SMTP_URL: '', NODE_ENV: 'production', JARI_VERIFIED_EMAIL: 'auto' },
      'SMTP_URL is missing',
    ],
    ['a test key', { STRIPE_API_KEY: 'sk_test_1' }, 'STRIPE_API_KEY is a test key'],
    ['a restricted test key', { STRIPE_API_KEY: 'rk_test_1' }, 'STRIPE_API_KEY is a test key'],
    ['a test card', { STRIPE_PAYMENT_METHOD: 'pm_card_visa' }, 'STRIPE_PAYMENT_METHOD=pm_card_visa is a test card'],
    ['a stand-in for Stripe', { STRIPE_API_URL: 'http://127.0.0.1:12111' }, 'STRIPE_API_URL is not encrypted'],
    [
      'a stand-in for Stripe, whatever the network',
      { STRIPE_API_URL: 'http://stripe-mock:12111', JARI_PLAIN_TEXT: 'allowed' },
      'STRIPE_API_URL is not encrypted',
    ],
    ['a secret that is too short', { JARI_SECRET: 'short' }, 'JARI_SECRET has 5 characters'],
    ['a plain mail server elsewhere', { SMTP_URL: 'smtp://user:pw@mail.example:25' }, 'SMTP_URL is not encrypted'],
    ['a mail server by TLS if it likes', { SMTP_URL: 'smtp://mail.example?requireTLS=false' }, 'use smtps://'],
    ['a mail server whose TLS is ignored', { SMTP_URL: 'smtps://mail.example?ignoreTLS=true' }, 'use smtps://'],
    [
      'a plain collector of traces elsewhere',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.example:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT is not encrypted',
    ],
    ['a plain party that no rule names yet', { FUTURE_URL: 'http://party.example' }, 'FUTURE_URL is not encrypted'],
    ['an address that is none', { BANK_URL: 'bank' }, 'BANK_URL is not a URL'],
    ['no secret', { JARI_SECRET: '' }, 'JARI_SECRET is missing'],
    [
      'a password that everybody knows',
      { RABBITMQ_URL: 'amqps://guest:guest@broker.example' },
      'RABBITMQ_URL has no password, or a well-known one',
    ],
    [
      'a database without a password',
      { DATABASE_URL: 'postgres://payment@127.0.0.1/payment' },
      'DATABASE_URL has no password, or a well-known one',
    ],
    ['a plain broker elsewhere', { RABBITMQ_URL: 'amqp://payment:Zk3vQ9@broker.example' }, 'use amqps://'],
    [
      'a plain database elsewhere',
      { DATABASE_URL: 'postgres://payment:Zk3vQ9@db.example/payment' },
      'use sslmode=verify-full',
    ],
    [
      'a database whose encryption is said twice',
      { DATABASE_URL: 'postgres://payment:Zk3vQ9@db.example/payment?sslmode=disable&sslmode=require' },
      'DATABASE_URL names sslmode twice',
    ],
    ...['host=db.example', 'HOST=db.example', 'password=postgres', 'ssl=false'].map(
      (parameter) =>
        [
          `a database of which ${parameter} says something else`,
          { DATABASE_URL: `postgres://payment:Zk3vQ9@localhost/payment?${parameter}` },
          'after the question mark',
        ] as const,
    ),
    ['plain keys', { JARI_JWKS_URL: 'http://id.example/jwks' }, 'use https://'],
    ['a plain listener for everybody', { GRPC_HOST: '0.0.0.0' }, 'GRPC_HOST=0.0.0.0'],
    [
      'a service that is called in plain text elsewhere',
      { PAYMENT_ADDR: 'dns:///payment:50051' },
      'PAYMENT_ADDR is called without encryption',
    ],
    ['a plain bank elsewhere', { BANK_URL: 'http://bank.example' }, 'BANK_URL is not encrypted'],
    [
      'a gateway that nobody reaches by https',
      { GATEWAY: 'embedded', JARI_HOSTS: 'jari.example', JARI_PUBLIC_URL: 'http://jari.example' },
      'JARI_PUBLIC_URL is missing',
    ],
    [
      'a gateway that serves any host name',
      { GATEWAY: 'embedded', JARI_HOSTS: '', JARI_PUBLIC_URL: 'https://jari.example' },
      'JARI_HOSTS is missing',
    ],
    [
      'a database whose certificate is not looked at',
      { DATABASE_URL: 'postgres://payment:Zk3vQ9@db.example/payment?sslmode=no-verify' },
      'use sslmode=verify-full',
    ],
  ])('refuses %s', (_, more, why) =>
    expect(productionProblems({ ...fit, ...more })).toEqual([expect.stringContaining(why)]),
  );

  test.each([
    ['auto', 'production', true],
    ['auto', 'development', false],
    ['on', 'development', true],
    ['off', 'production', false],
  ])('JARI_VERIFIED_EMAIL=%s in %s: orders ask for a verified address: %s (B7)', (wanted, NODE_ENV, asked) => {
    const settings = { JARI_VERIFIED_EMAIL: wanted, NODE_ENV };
    expect(needsVerifiedEmail(settings)).toBe(asked);
    expect(productionProblems({ ...fit, ...settings, SMTP_URL: '' })).toHaveLength(asked ? 1 : 0);
  });

  test('takes mail servers whose connection is encrypted', () => {
    for (const SMTP_URL of ['smtps://user:pw@mail.example', 'smtp://user:pw@mail.example:587?requireTLS=true'])
      expect(productionProblems({ ...fit, SMTP_URL })).toEqual([]);
  });

  test('takes plain text within this machine, and where one says so', () => {
    const plain = {
      RABBITMQ_URL: 'amqp://payment:Zk3vQ9@127.0.0.1',
      DATABASE_URL: 'postgres://payment:Zk3vQ9@localhost/payment',
    };
    expect(productionProblems({ ...fit, ...plain })).toEqual([]);
    expect(
      productionProblems({
        ...fit,
        RABBITMQ_URL: 'amqp://payment:Zk3vQ9@broker',
        GRPC_HOST: '0.0.0.0',
        JARI_PLAIN_TEXT: 'allowed',
      }),
    ).toEqual([]);
  });

  test('takes calls in cipher, and calls within this machine', () => {
    expect(
      productionProblems({
        ...fit,
        GRPC_HOST: '0.0.0.0',
        PAYMENT_ADDR: 'payment:50051',
        JARI_TLS_CERT: '/etc/jari/tls.crt',
      }),
    ).toEqual([]);
    expect(productionProblems({ ...fit, PAYMENT_ADDR: 'ipv4:127.0.0.1:50063,127.0.0.1:50163' })).toEqual([]);
  });

  test("makes no configuration for Envoy that lets the development key's tokens in or speaks plain text elsewhere", () => {
    const whole = {
      JARI_JWKS_URL: 'https://id.example/jwks',
      JARI_ISSUER: 'https://id.example',
      JARI_PUBLIC_URL: 'https://jari.example',
      JARI_HOSTS: 'jari.example',
    };
    expect(envoyProblems(whole, true)).toEqual([]);
    expect(
      envoyProblems(
        { ...whole, JARI_GATEWAY_CERT: '/etc/jari/gateway.crt', JARI_TLS_CERT: '/etc/jari/tls.crt' },
        false,
      ),
    ).toEqual([]);
    expect(envoyProblems(whole, false)).toEqual([
      expect.stringContaining('JARI_GATEWAY_CERT is missing'),
      expect.stringContaining('JARI_TLS_CERT is missing'),
    ]);
    for (const name of Object.keys(whole))
      expect(envoyProblems({ ...whole, [name]: undefined }, true)).toEqual([
        expect.stringContaining(`${name} is missing`),
      ]);
    const env = { PATH: process.env.PATH, NODE_ENV: 'production' };
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../deploy/envoy/config.ts'), 'compose'],
      { env, encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([2, '']);
    for (const name of [...Object.keys(whole), 'JARI_GATEWAY_CERT', 'JARI_TLS_CERT']) expect(stderr).toContain(name);
  });

  test('serves sign-in pages behind Envoy by https alone, and calls identity in cipher', () => {
    const web = { JARI_PUBLIC_URL: 'https://jari.example', JARI_IDENTITY_JWKS_URL: 'https://jari.example/oidc/jwks' };
    expect(signInProblems({ ...web, WEB_HOST: '127.0.0.1', IDENTITY_ADDR: '127.0.0.1:50077' })).toEqual([]);
    const plain = { WEB_HOST: '0.0.0.0', IDENTITY_ADDR: 'identity:50051' };
    expect(signInProblems({ ...web, ...plain, JARI_PLAIN_TEXT: 'allowed' })).toEqual([]);
    expect(signInProblems({ ...web, ...plain, JARI_TLS_CERT: '/tls/web.pem' })).toEqual([]);
    expect(signInProblems({ ...plain, JARI_PUBLIC_URL: 'http://jari.example' })).toEqual([
      expect.stringContaining('JARI_JWKS_URL is missing'),
      expect.stringContaining('JARI_ISSUER is missing'),
      expect.stringContaining('JARI_PUBLIC_URL is missing'),
      expect.stringContaining('IDENTITY_ADDR is called without encryption'),
      expect.stringContaining('WEB_HOST=0.0.0.0 listens without encryption'),
    ]);
    expect(signInProblems({ ...web, JARI_PUBLIC_URL: 'http://jari.example', WEB_HOST: '127.0.0.1' })).toEqual([
      expect.stringContaining('JARI_PUBLIC_URL is missing'),
    ]);
  });

  test.each(['http://10.0.0.5:8080/jwks', 'HTTP://id.example/jwks'])(
    'takes the keys of tokens from nowhere in plain text: %s',
    (url) => {
      for (const name of ['JARI_JWKS_URL', 'JARI_IDENTITY_JWKS_URL']) {
        const settings = { JARI_JWKS_URL: 'https://id.example/jwks', JARI_ISSUER: 'https://id.example', [name]: url };
        const isNamed = expect.arrayContaining([expect.stringContaining(`${name} is not encrypted`)]);
        expect(productionProblems(settings)).toEqual(isNamed);
        expect(signInProblems(settings)).toEqual(isNamed);
        for (const isLocal of [true, false]) expect(envoyProblems(settings, isLocal)).toEqual(isNamed);
      }
    },
  );

  test('names all that is missing at once, and does not start', () => {
    const env = { PATH: process.env.PATH, NODE_ENV: 'production', GATEWAY: 'none' };
    const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'run.ts'), 'payment'], {
      env,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    for (const name of ['DATABASE_URL', 'RABBITMQ_URL', 'JARI_JWKS_URL', 'JARI_ISSUER', 'JARI_PAYMENT_PROVIDER'])
      expect(stderr).toContain(name);
  });
});
