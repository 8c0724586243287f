// Answers that many methods share, and the errors of each.
import { described } from './schemas.mjs';

/** HTTP status of each gRPC code, as both gateways have it. */
const codes = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

const general = {
  malformed: {
    code: 'INVALID_ARGUMENT',
    reason: 'MALFORMED',
    description: 'the request cannot be read, or has an unknown field or parameter',
  },
  invalid: {
    code: 'INVALID_ARGUMENT',
    reason: 'INVALID_FIELDS',
    description: 'fields break their rules; BadRequest names all of them',
  },
  unauthenticated: {
    code: 'UNAUTHENTICATED',
    reason: 'UNAUTHENTICATED',
    description: 'the token is missing, expired or not valid',
  },
  forbidden: { code: 'PERMISSION_DENIED', reason: 'PERMISSION_DENIED', description: 'the caller lacks the role' },
  limited: {
    code: 'RESOURCE_EXHAUSTED',
    reason: 'RATE_LIMITED',
    description: 'the caller or the address makes too many calls; try again after RetryInfo',
  },
  unavailable: {
    code: 'UNAVAILABLE',
    reason: 'UNAVAILABLE',
    description: 'a service cannot be reached now; try again after RetryInfo',
  },
};

const keyed = [
  {
    code: 'INVALID_ARGUMENT',
    reason: 'IDEMPOTENCY_KEY_REUSED',
    description: 'the key was used with another request before',
  },
  {
    code: 'ABORTED',
    reason: 'IDEMPOTENCY_KEY_IN_USE',
    description: 'the first call with this key is still running; try again after RetryInfo',
  },
];

/** All errors of a method: its own, and those that every method like it has. */
export function errorsOf({ own, isOpen, isKeyed, hasFields, roles }) {
  const generally = [
    general.malformed,
    ...(hasFields ? [general.invalid] : []),
    ...(isKeyed ? keyed : []),
    general.unauthenticated,
    ...(isOpen || roles === undefined ? [] : [general.forbidden]),
    general.limited,
    general.unavailable,
  ];
  const named = own.map((error) => ({ ...error, reason: error.reason ?? defaultReason[error.code] ?? error.code }));
  const isNamed = ({ code, reason }) => named.some((each) => each.code === code && each.reason === reason);
  return [...named, ...generally.filter((error) => !isNamed(error))];
}

const defaultReason = { INVALID_ARGUMENT: 'INVALID_FIELDS', ABORTED: 'IDEMPOTENCY_KEY_IN_USE' };

const retryAfter = {
  'Retry-After': { description: 'Seconds after which trying again helps.', schema: { type: 'integer' } },
};

/** The answers that these errors become, by HTTP status. */
export function errorAnswers(errors) {
  const byStatus = Map.groupBy(errors, ({ code }) => {
    if (!codes[code]) throw new Error(`${code} has no HTTP status in proto/openapi/answers.mjs`);
    return codes[code];
  });
  const answers = [...byStatus].toSorted(([a], [b]) => a - b).map(([status, all]) => [
    String(status),
    {
      ...described(all.map(({ code, reason, description }) => `- ${code} \`${reason}\`: ${description}.`).join('\n')),
      ...((status === 429 || status === 503) && { headers: retryAfter }),
      content: { 'application/json': { schema: error } },
      'x-reasons': [...new Set(all.map(({ reason }) => reason))],
    },
  ]);
  return { ...Object.fromEntries(answers), default: { $ref: '#/components/responses/Error' } };
}

const error = { $ref: '#/components/schemas/Status' };

export const sharedAnswers = {
  Error: {
    description: 'Any other error, of a service or of the gateway. The body is the same.',
    content: { 'application/json': { schema: error } },
  },
};

/** What the details of an error may be. */
export const detailSchemas = {
  ErrorInfo: {
    type: 'object',
    description: 'Why, as a code that programs can go by. Every error has one.',
    properties: {
      '@type': { const: 'type.googleapis.com/google.rpc.ErrorInfo' },
      reason: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', examples: ['NIGHTS_TAKEN'] },
      domain: { type: 'string', const: 'jari' },
      metadata: { type: 'object', additionalProperties: { type: 'string' } },
    },
    required: ['@type', 'reason', 'domain', 'metadata'],
  },
  BadRequest: {
    type: 'object',
    description: 'What is wrong with the request, field by field: all of it at once.',
    properties: {
      '@type': { const: 'type.googleapis.com/google.rpc.BadRequest' },
      fieldViolations: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            field: { type: 'string', description: 'Path in the request, in the names of the proto.' },
            description: { type: 'string' },
            reason: { type: 'string' },
          },
          required: ['field', 'description'],
        },
      },
    },
    required: ['@type', 'fieldViolations'],
  },
  RetryInfo: {
    type: 'object',
    description: 'When trying again helps. `Retry-After` says the same in whole seconds.',
    properties: {
      '@type': { const: 'type.googleapis.com/google.rpc.RetryInfo' },
      retryDelay: { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?s$', examples: ['1s'] },
    },
    required: ['@type', 'retryDelay'],
  },
};
