import createClient from 'openapi-fetch';
import type { components, paths } from '../../gen/openapi.ts';
import { send } from './http.ts';

/** What the API calls things: `Schemas['lodging.Reservation']`. */
export type Schemas = components['schemas'];

/**
 * The whole REST API, with its types made from the contract. It is asked through `answered`: an answer that is none is thrown as `ApiError`.
 *
 *     const order = await answered(api.GET('/v1/orders/{order_id}', { params: { path: { order_id } } }));
 */
export const api = createClient<paths>({
  baseUrl: location.origin,
  headers: { accept: 'application/json' },
  fetch: (request: Request) => {
    request.headers.set('accept-language', document.documentElement.lang);
    if (request.method !== 'GET') request.headers.set('jari-client', 'web');
    return send(request);
  },
});

export const answered = async <Answer>(call: Promise<{ data?: Answer }>): Promise<Answer> =>
  (await call).data as Answer;
