import type { IncomingHttpHeaders } from 'node:http';
import { queryBindings, type Binding } from './bind.ts';
import { Malformed } from './malformed.ts';
import { allowed } from './methods.ts';
import type { Matched, Transcoder } from './transcode.ts';

/** Where a request goes to. */
export interface Target {
  /** With dots resolved and slashes merged; still percent-encoded. */
  path: string;
  query: readonly Binding[];
  /** Undefined where no annotation fits. */
  matched: Matched | undefined;
  /** What the path may be asked by, where it is not by this method. */
  allow: string | undefined;
  authorization: string | undefined;
}

/** What tells of the process, by whatever name it is reached. */
export const probes: readonly string[] = ['/livez', '/readyz', '/.well-known/jwks.json'];

/** What the gateway answers by itself. */
export const ownPaths: readonly string[] = [...probes, '/openapi.json'];

/** Throws Malformed: of two hosts another server might take the one that we do not. `raw`: names and values in turn. */
export function refuseTwoHosts(raw: readonly string[]): void {
  const hosts = raw.filter((name, nth) => nth % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) throw new Malformed('a request may name one host only');
}

export function targetOf(method: string, url: string, headers: IncomingHttpHeaders, transcoder: Transcoder): Target {
  // Some who read headers next take `-` and `_` for one: a second `x-request_id` could stand for the first.
  if (Object.keys(headers).some((name) => name.includes('_'))) throw new Malformed('names of headers may not hold _');
  const [address = '', ...rest] = url.split('?');
  // Who reads the path next might take these for slashes or an end: then it would not be the path that was decided on.
  if (!address.startsWith('/') || /%(2f|5c|00)/i.test(address)) throw new Malformed('the path is malformed');
  const path = new URL(`http://gateway${address}`).pathname.replace(/\/{2,}/g, '/');
  const found = transcoder.find(method, path);
  const isOwn = ownPaths.includes(path) && method !== 'GET' && method !== 'HEAD';
  const [matched, allow] = isOwn
    ? [undefined, allowed(['GET'], true)]
    : found && 'allow' in found
      ? [undefined, found.allow]
      : [found, undefined];
  const query = queryBindings(rest.join('?'));
  if (!matched?.route.streams) return { path, query, matched, allow, authorization: headers.authorization };

  // A browser's EventSource can send no headers: on streams, and only there, the token may stand in the address.
  const token = query.find(isToken)?.value;
  return {
    path,
    query: query.filter((binding) => !isToken(binding)),
    matched,
    allow,
    authorization: headers.authorization ?? (token === undefined ? undefined : `Bearer ${token}`),
  };
}

const isToken = ({ field }: Binding): boolean => field.join('.') === 'access_token';
