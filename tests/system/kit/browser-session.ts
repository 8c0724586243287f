import type { Place } from './place.ts';

/** A browser with its cookies, as the sign-in pages and the gateways meet it; without a screen. */
export interface Tab {
  cookies: Map<string, string>;
  /** Follows no redirect, and keeps the cookies of the answer. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Sends a form of `/auth/` as its page would. */
  submit(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Response>;
  /** Calls the API as a page of ours does. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  session(): Promise<{
    person: { id: string; display_name: string; language: string } | null;
    roles: string[];
    expires: string;
  }>;
  /** Another tab of the same browser at this moment: with a copy of the cookies. */
  copy(): Tab;
}

export function newTab(place: Pick<Place, 'rest'>, cookies = new Map<string, string>()): Tab {
  const origin = place.rest;
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${origin}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { ...(cookie && { cookie }), ...(init.headers as Record<string, string>) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=', 2);
      if (/Max-Age=0/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return {
    cookies,
    request,
    async submit(path, fields, headers = {}) {
      const page = await (await request(path.replace('/auth/sample', '/auth/login'))).text();
      const [, form = ''] = /name="form" value="([^"]+)"/.exec(page) ?? [];
      return request(path, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ form, ...fields }).toString(),
      });
    },
    call: (method, path, body, headers = {}) =>
      request(path, {
        method,
        headers: { origin, 'jari-client': 'web', 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    session: async () => (await request('/auth/session')).json() as ReturnType<Tab['session']>,
    copy: () => newTab(place, new Map(cookies)),
  };
}
