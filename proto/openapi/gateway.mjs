// What the gateways answer by themselves.
const text = { 'text/plain': { schema: { type: 'string', const: 'ok' } } };
const json = (schema) => ({ 'application/json': { schema } });
const error = { $ref: '#/components/responses/Error' };

export const gatewayTag = { name: 'Gateway', description: 'Answers of the gateway itself.' };

const get = (operationId, summary, answer, description, more = {}) => ({
  get: {
    operationId,
    tags: [gatewayTag.name],
    summary,
    security: [],
    responses: { 200: { description, content: answer }, ...more, default: error },
  },
});

export const gatewayPaths = {
  '/livez': get('Gateway_Livez', 'Says that the gateway runs', text, 'It runs.'),
  '/readyz': get('Gateway_Readyz', 'Says whether all services can be reached', text, 'All can be reached.', {
    503: {
      description: 'Some cannot be reached.',
      content: json({ $ref: '#/components/schemas/Status' }),
    },
  }),
  '/.well-known/jwks.json': get(
    'Gateway_Keys',
    'Returns the keys that access tokens are signed with',
    json({ type: 'object', properties: { keys: { type: 'array', items: { type: 'object' } } }, required: ['keys'] }),
    'A JSON Web Key Set (RFC 7517).',
    { 302: { description: 'The keys are kept elsewhere.' } },
  ),
  '/openapi.json': get('Gateway_OpenApi', 'Returns this document', json({ type: 'object' }), 'OpenAPI 3.1.'),
};
