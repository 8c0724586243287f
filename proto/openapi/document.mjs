// OpenAPI 3.1 of the whole REST API, from the descriptor set with its comments: what proto/generate.mjs writes to gen/openapi.json.
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { detailSchemas, sharedAnswers } from './answers.mjs';
import { commentsOf } from './comments.mjs';
import { bindingsIn, operationOf, tagOf } from './operations.mjs';
import { gatewayPaths, gatewayTag } from './gateway.mjs';
import { rulesIn } from './rules.mjs';
import { Schemas } from './schemas.mjs';

export function openApi({ descriptorSet, callers, version }) {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));
  const comments = commentsOf(registry);
  const schemas = new Schemas(comments, rulesIn(registry));
  schemas.answer(registry.getMessage('google.rpc.Status'));
  const bindings = bindingsIn(registry).toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const paths = {};
  for (const binding of bindings)
    (paths[binding.path] ??= {})[binding.verb] = operationOf(binding, { schemas, comments, callers });
  const services = [...new Set(bindings.map(({ method }) => method.parent))];
  return {
    openapi: '3.1.1',
    info: { title: 'Jari', version, description: introduction, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'Where this document comes from.' }],
    tags: [...services.map((service) => tagOf(service, comments)), gatewayTag],
    paths: { ...paths, ...gatewayPaths },
    components: {
      schemas: sorted({ ...schemas.found, ...detailSchemas, Status: status(schemas.found.Status) }),
      responses: sharedAnswers,
      parameters: { IdempotencyKey: idempotencyKey },
      securitySchemes,
    },
  };
}

const status = (schema) => ({
  ...schema,
  description: 'An error. `code` is the number of a gRPC status, `message` says in English what was wrong and what is allowed.',
});

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Makes it safe to send the call again: the same caller, method, key and body get the same answer, and nothing is done twice, for at least 24 hours. A second call waits for the first. Use a new key, such as a UUID, for each thing that somebody wants done.',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[ -~]+$' },
};

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'jari_session',
    description:
      'What the web page has after sign-in. Calls that are not GET then also need the header `Jari-Client` and our own `Origin`. Over https the cookie is `__Host-jari_session`.',
  },
  streamToken: {
    type: 'apiKey',
    in: 'query',
    name: 'access_token',
    description: 'An access token, for streams alone: the EventSource of browsers can send no headers.',
  },
};

const introduction = `Reservations of five businesses: lodging, study-cafe seats, water-dispenser rental, phone pre-orders and tutoring.

- **Names.** Answers spell fields in lowerCamelCase. Requests may spell them so, or as the proto does (\`room_id\`). Fields that a request does not know are refused.
- **Values.** Amounts are \`Money\`; \`units\` are won, as text, since 64-bit integers are text in JSON. Times are RFC 3339. Nights are ISO dates in the time zone of the place.
- **Lists** come newest first, in pages: \`page_size\` (50 if missing, at most 200); send \`nextPageToken\` as \`page_token\` for the next page. It is empty on the last one.
- **Errors** are \`google.rpc.Status\`, on every path. ErrorInfo holds the reason; BadRequest every field that is wrong; RetryInfo when to try again.
- **Somebody else's** order is NOT_FOUND, like one that does not exist.
- **Repeating.** Commands take an \`Idempotency-Key\`.
- **Streams** are server-sent events. After an end or a break connect again: the first event is a snapshot.`;

const sorted = (schemas) => Object.fromEntries(Object.entries(schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)));
