import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { developmentKey, publicJwks, type SigningKey } from './keys.ts';
import { issuer as developmentIssuer } from './token.ts';

/** Whose tokens are believed: an issuer, and its keys or where they are. */
export interface Issuer {
  issuer: string;
  jwks: JSONWebKeySet | URL | (() => Promise<JSONWebKeySet>);
}

/** What the tokens of people name as their issuer: where people reach the gateway. */
export const issuerOf = ({ JARI_PUBLIC_URL: url }: Readonly<Record<string, unknown>>): string =>
  String(url || developmentIssuer).replace(/\/+$/, '');

/** Where people reach the gateway; in development, without a setting, on this machine. */
export const publicUrlOf = ({ JARI_PUBLIC_URL: url, PORT: port }: Readonly<Record<string, unknown>>): string =>
  String(url || `http://localhost:${String(port ?? 8080)}`).replace(/\/+$/, '');

/**
 * The issuers that the settings name: an identity provider, else in development the development key; and identity, by the address of its
 * keys or by the keys of the service in this process. Keys of a file are read now.
 */
export async function issuersFrom(
  settings: Readonly<Record<string, unknown>>,
  near?: () => Promise<JSONWebKeySet>,
  makeKey: () => Promise<SigningKey> = developmentKey,
): Promise<readonly [Issuer, ...Issuer[]]> {
  const { JARI_JWKS_URL: provider, JARI_IDENTITY_JWKS_URL: identity } = settings;
  const own = identity ? keysAt(new URL(String(identity))) : near;
  const issuers: Issuer[] = own ? [{ issuer: issuerOf(settings), jwks: own }] : [];
  if (provider)
    issuers.unshift({
      issuer: String(settings['JARI_ISSUER'] || developmentIssuer),
      jwks: keysAt(new URL(String(provider))),
    });
  else if (!own || settings['NODE_ENV'] !== 'production')
    issuers.unshift({
      issuer: String(settings['JARI_ISSUER'] || developmentIssuer),
      jwks: publicJwks(await makeKey()),
    });
  return issuers as [Issuer, ...Issuer[]];
}

const keysAt = (url: URL): JSONWebKeySet | URL =>
  url.protocol === 'file:' ? (JSON.parse(readFileSync(url, 'utf8')) as JSONWebKeySet) : url;
