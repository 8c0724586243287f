import { str } from 'envalid';
import type { Instant } from '#kernel/time.ts';
import { seconds, type Settings } from '#adapters/settings/settings.ts';
import type { Issuer } from './issuers.ts';
import { audience, issuer } from './token.ts';
import { createVerifier, type Verifier } from './verifier.ts';

/** Read by everything that verifies tokens: whose are believed, and where people sign in. */
export const tokenSettings = {
  JARI_JWKS_URL: str({
    default: '',
    desc: "URL of the identity provider's public keys, https:// or file://. Empty: the development key.",
  }),
  JARI_IDENTITY_JWKS_URL: str({
    default: '',
    desc: "URL of identity's public keys: `/oidc/jwks` of the gateway. Its tokens name JARI_PUBLIC_URL as their issuer. Empty: the keys of identity in this process, if it runs there.",
  }),
  JARI_ISSUER: str({ default: issuer, desc: 'Issuer that a token must name (`iss`).' }),
  JARI_AUDIENCE: str({ default: audience, desc: 'Audience that a token must name (`aud`).' }),
  JARI_TOKEN_ALGORITHMS: str({
    default: 'ES256',
    desc: 'Algorithms that a token may be signed with, separated by commas.',
  }),
  JARI_CLOCK_TOLERANCE_SECONDS: seconds({
    default: 30,
    desc: "Difference of clocks, in seconds, that is tolerated. A token is accepted for this much longer. A process whose clock differs by more from its database's reports CLOCK_SKEW.",
  }),
  JARI_PUBLIC_URL: str({
    default: '',
    desc: 'URL at which people reach the gateway, such as https://jari.example. With https, browsers are told to use https only.',
  }),
};

/** Verifies the tokens of these issuers as the settings say. */
export const verifierOf = (
  settings: Settings<typeof tokenSettings>,
  [first, ...also]: readonly [Issuer, ...Issuer[]],
  now?: () => Instant,
): Verifier =>
  createVerifier({
    ...first,
    also,
    audience: settings.JARI_AUDIENCE,
    algorithms: settings.JARI_TOKEN_ALGORITHMS.split(','),
    toleranceSeconds: settings.JARI_CLOCK_TOLERANCE_SECONDS,
    ...(now && { now }),
  });
