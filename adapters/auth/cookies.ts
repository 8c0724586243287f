import type { IncomingHttpHeaders } from 'node:http';

/** Names of the cookies of a browser that is signed in. */
export interface CookieNames {
  /** The access token: gateways read it. */
  token: string;
  /** The session and its secret: only the server of the sign-in pages reads it. */
  session: string;
  /** Proves that a form came from our own page. */
  form: string;
}

/** By https only cookies that no other host, and nobody on the network, can have set are believed. */
export function cookieNames(publicUrl: string): CookieNames {
  const prefix = isHttps(publicUrl) ? '__Host-' : '';
  return { token: `${prefix}jari-token`, session: `${prefix}jari-session`, form: `${prefix}jari-form` };
}

export const isHttps = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** The value of a cookie in a `cookie` header. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [found, value] = pair.trim().split('=', 2);
    if (found === name && value) return value;
  }
  return undefined;
}

/** A browser says where a page that changes something comes from: it must be our own host. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders, publicUrl: string): boolean {
  if (!origin) return false;
  if (publicUrl && origin === URL.parse(publicUrl)?.origin) return true;
  return origin.replace(/^https?:\/\//, '') === host && !isHttps(publicUrl);
}

/** What a page of ours sends along with every request that changes something, and no form of another site can. */
export const clientHeader = 'jari-client';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request that is authorised by a cookie may be meant by whom it is for. In Envoy, authorization.lua holds the same rule. */
export const isFromOwnPage = (method: string, headers: IncomingHttpHeaders, publicUrl: string): boolean =>
  harmless.has(method) || (headers[clientHeader] === 'web' && isOwnOrigin(headers, publicUrl));

/** What a page of another site hears that calls with our cookie. */
export const notFromOwnPage =
  'a request with a cookie needs the header Jari-Client: web, and must come from a page of this site';
