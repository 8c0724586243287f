import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieIn, isHttps, type CookieNames } from '#adapters/auth/cookies.ts';

export interface Cookies {
  set(reply: FastifyReply, name: string, value: string, lasts?: { until: Date | undefined }): void;
  clear(reply: FastifyReply, name: string): void;
}

/** The cookies of these pages: no script can read them. */
export function cookiesOf(publicUrl: string): Cookies {
  const attributes = `Path=/; HttpOnly; SameSite=Lax${isHttps(publicUrl) ? '; Secure' : ''}`;
  const add = (reply: FastifyReply, line: string): void => void reply.header('set-cookie', line);
  return {
    set(reply, name, value, lasts) {
      const age = lasts?.until && Math.max(0, Math.floor((lasts.until.getTime() - Date.now()) / 1_000));
      add(reply, `${name}=${value}; ${attributes}${age === undefined ? '' : `; Max-Age=${age}`}`);
    },
    clear: (reply, name) => add(reply, `${name}=; ${attributes}; Max-Age=0`),
  };
}

/** The session of a browser, as its cookie names it. */
export function sessionIn(
  { headers }: FastifyRequest,
  names: CookieNames,
): { sessionId: string; sessionSecret: string } | undefined {
  const [, sessionId, sessionSecret] =
    /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(
      cookieIn(headers.cookie, names.session) ?? '',
    ) ?? [];
  return sessionId && sessionSecret ? { sessionId, sessionSecret } : undefined;
}
