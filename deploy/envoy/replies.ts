import { overloaded } from '#adapters/rpc/errors.ts';
import { localReplies, type LocalReply } from '#adapters/gateway/local-replies.ts';
import { ErrorInfo, RetryInfo } from '#proto/google/rpc/error_details.ts';
import { Status } from '#proto/google/rpc/status.ts';
import { typed, type Json } from './typed.ts';

/**
 * What the gateway says of itself, in the one shape of all errors: JSON to REST, status and details to gRPC. What a service answered
 * is never touched.
 */
export const localReplyConfig = (always: Readonly<Record<string, string>>): Json => ({
  mappers: [
    // The filter of requests (requests.lua) writes its answer in full.
    {
      filter: all(detailsMatch('lua_response'), not(isGrpc)),
      body_format_override: {
        text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' },
        content_type: 'application/json',
      },
    },
    // In the words of the services, which refuse what is too much in the same way.
    ...mappers(
      always,
      503,
      { ...replyOf(503), reason: tooMuch.reason, message: tooMuch.message },
      { response_flag_filter: { flags: ['UO'] } },
    ),
    ...localReplies.flatMap((reply) => {
      // Only rbac says 403, and only for want of a token; what a caller with a token may do, the service says.
      if (reply.status === 403) return mappers(always, 403, { ...replyOf(401), message: 'a token is needed' });
      return mappers(always, reply.status, reply);
    }),
  ],
});

const tooMuch = overloaded();

/** For one status of Envoy's, or for a part of what it gives that status to. The first mapper that fits is taken. */
function mappers(
  always: Readonly<Record<string, string>>,
  status: number,
  reply: LocalReply,
  ...which: Json[]
): Json[] {
  const headers = {
    ...always,
    ...(again.has(reply.status) && { 'retry-after': '1' }),
    ...(reply.status === 401 && { 'www-authenticate': 'Bearer' }),
  };
  const toRest = (message: string, ...conditions: Json[]): Json => ({
    filter: all(statusIs(status), ...which, any(not(isGrpc), isTranscoded), ...conditions),
    status_code: reply.status,
    headers_to_add: headersToAdd(headers),
    body_format_override: { json_format: { code: reply.code, message, details: detailsOf(reply) } },
  });
  const toGrpc = {
    filter: all(statusIs(status), ...which, isGrpc),
    status_code: reply.status,
    headers_to_add: headersToAdd({
      ...headers,
      'grpc-status': String(codeForGrpc(reply)),
      'grpc-status-details-bin': statusBytes(reply),
    }),
    body_format_override: { text_format_source: { inline_string: reply.message } },
  };
  // Envoy's own words help the caller where they say which field could not be read, or what is wrong with the token.
  const exact = toRest('%LOCAL_REPLY_BODY%', detailsMatch('grpc_json_transcode_failure|jwt_authn'));
  return [exact, toRest(reply.message), toGrpc];
}

/** Where trying again helps. */
const again = new Set([429, 503]);

/** A method that does not exist is UNIMPLEMENTED to gRPC callers, as from any gRPC server. */
const codeForGrpc = ({ status, code }: LocalReply): number => (status === 404 ? 12 : code);

const detailsOf = ({ status, reason }: LocalReply): Json[] => [
  { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'jari' },
  ...(again.has(status) ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1s' }] : []),
];

function statusBytes(reply: LocalReply): string {
  const info = {
    typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo',
    value: Buffer.from(ErrorInfo.encode({ reason: reply.reason, domain: 'jari', metadata: {} }).finish()),
  };
  const retry = {
    typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
    value: Buffer.from(RetryInfo.encode({ retryDelay: { seconds: 1n, nanos: 0 } }).finish()),
  };
  const status = {
    code: codeForGrpc(reply),
    message: reply.message,
    details: again.has(reply.status) ? [info, retry] : [info],
  };
  return Buffer.from(Status.encode(status).finish()).toString('base64');
}

const replyOf = (status: number): LocalReply => {
  const found = localReplies.find((reply) => reply.status === status);
  if (!found) throw new Error(`no local reply for ${status}`);
  return found;
};

const headersToAdd = (headers: Readonly<Record<string, string>>): Json =>
  Object.entries(headers).map(([key, value]) => ({
    header: { key, value },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  }));

const all = (...filters: Json[]): Json => ({ and_filter: { filters } });
const any = (...filters: Json[]): Json => ({ or_filter: { filters } });
const statusIs = (status: number): Json => ({
  status_code_filter: {
    comparison: { op: 'EQ', value: { default_value: status, runtime_key: `local_reply_${status}` } },
  },
});
const detailsMatch = (pattern: string): Json => ({
  extension_filter: {
    name: 'envoy.access_loggers.extension_filters.cel',
    typed_config: typed('envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter', {
      expression: `response.code_details.matches('${pattern}')`,
    }),
  },
});
const header = (fields: {
  readonly [name: string]: Json;
}): { header_filter: { header: { readonly [name: string]: Json } } } => ({ header_filter: { header: fields } });
const not = ({ header_filter }: ReturnType<typeof header>): Json =>
  header({ ...header_filter.header, invert_match: true });
/** Also REST behind the transcoder, which is told apart by its original path; that mapper stands first. */
const isGrpc = header({
  name: 'content-type',
  string_match: { prefix: 'application/grpc' },
  treat_missing_header_as_empty: true,
});
const isTranscoded = header({ name: 'x-envoy-original-path', present_match: true });
