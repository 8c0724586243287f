// The methods with a REST path, as operations.
import { getOption, hasOption, toJson } from '@bufbuild/protobuf';
import { errorAnswers, errorsOf } from './answers.mjs';
import { errorsIn, flowing, summaryOf } from './comments.mjs';
import { described } from './schemas.mjs';

const verbs = ['get', 'put', 'post', 'delete', 'patch'];

/** Every binding of a method to a path. */
export function bindingsIn(registry) {
  const http = registry.getExtension('google.api.http');
  return [...registry]
    .flatMap((type) => (type.kind === 'service' ? type.methods : []))
    .filter((method) => hasOption(method, http))
    .flatMap((method) => {
      const rule = toJson(http.message, getOption(method, http));
      return [rule, ...(rule.additionalBindings ?? [])].map((binding, nth) => {
        const verb = verbs.find((name) => binding[name] !== undefined);
        if (!['*', undefined, ''].includes(binding.body))
          throw new Error(`${method.name}: a body that is one field is not described yet`);
        return { method, nth, verb, path: binding[verb], hasBody: binding.body === '*' };
      });
    });
}

/** `schemas` collects what the operation refers to; `callers` says who may call it. */
export function operationOf({ method, nth, verb, path, hasBody }, { schemas, comments, callers }) {
  const gRpc = `/${method.parent.typeName}/${method.name}`;
  // A new method is not there before `npm run docs`, which needs what is generated here; `npm run check` fails until then.
  const caller = callers[gRpc] ?? { who: everyone };
  const { text, errors: own } = errorsIn(comments.get(method));
  const isOpen = caller.who === 'anyone';
  const inPath = [...path.matchAll(/\{(\w+)/g)].map(([, name]) => name);
  const errors = errorsOf({
    own,
    isOpen,
    isKeyed: caller.keyed === true,
    hasFields: method.input.fields.length > 0,
    roles: isOpen ? undefined : caller.who,
  });
  return {
    operationId: `${method.parent.name}_${method.name}${nth ? `_${nth}` : ''}`,
    tags: [method.parent.name],
    summary: summaryOf(text),
    ...described(text, whoMay(caller), `gRPC: \`${gRpc.slice(1)}\``),
    security: securityOf(caller, method.methodKind === 'server_streaming'),
    parameters: [
      ...parameters(method.input, inPath, hasBody, schemas),
      ...(caller.keyed ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    ...(hasBody && { requestBody: bodyOf(method.input, inPath, schemas) }),
    responses: { 200: answerOf(method, schemas), ...errorAnswers(errors) },
    ...(isOpen ? {} : { 'x-roles': caller.who }),
  };
}

const everyone = ['customer', 'host', 'seller', 'dealer', 'courier', 'agent', 'admin'];

const whoMay = ({ who }) => {
  if (who === 'anyone') return 'Needs no token.';
  if (who.length === everyone.length) return 'Needs a token, of any role.';
  return `Needs a token with the role ${who.map((role) => `\`${role}\``).join(' or ')}.`;
};

/** One of these is needed; what stands in brackets are roles. */
function securityOf({ who }, isStream) {
  const schemes = ['token', 'session', ...(isStream ? ['streamToken'] : [])];
  if (who === 'anyone') return [{}, ...schemes.map((name) => ({ [name]: [] }))];
  const alternatives = who.length === everyone.length ? [[]] : who.map((role) => [role]);
  return schemes.flatMap((name) => alternatives.map((roles) => ({ [name]: roles })));
}

function bodyOf(input, inPath, schemas) {
  const rest = input.fields.filter(({ name }) => !inPath.includes(name));
  return {
    required: rest.some((field) => schemas.isRequired(field)),
    content: { 'application/json': { schema: schemas.body(input, inPath) } },
  };
}

function answerOf(method, schemas) {
  const { output } = method;
  const description = method.methodKind === 'server_streaming' ? 'The stream has begun.' : 'Done.';
  // A file comes in pieces of google.api.HttpBody, which gateways send as they are.
  if (output.typeName === 'google.api.HttpBody')
    return { description: 'The file.', content: { 'text/csv': { schema: { type: 'string' } } } };
  const schema = schemas.answer(output);
  if (method.methodKind !== 'server_streaming') return { description, content: { 'application/json': { schema } } };
  return {
    description: `${description} Server-sent events; the \`data\` of each is one line of JSON as \`x-event-schema\` describes it. The first is a snapshot, then come changes, heartbeats while nothing changes, and an error before an early end.`,
    content: { 'text/event-stream': { schema: { type: 'string' }, 'x-event-schema': schema } },
  };
}

/** What stands in the path, and without a body everything else in the query; a field of a field is `location.latitude`. */
function parameters(input, inPath, hasBody, schemas) {
  const flat = (fields, prefix, isGiven) =>
    fields.flatMap((field) => {
      const { message } = field;
      const name = prefix + field.name;
      const required = isGiven && schemas.isRequired(field);
      if (field.fieldKind === 'map' || (field.fieldKind === 'list' && message && !isText(message)))
        throw new Error(`${input.typeName}.${name} cannot stand in a query`);
      if (message && !isText(message)) return flat(message.fields, `${name}.`, required);
      const isInPath = inPath.includes(name);
      if (hasBody && !isInPath) return [];
      const { description, ...schema } = schemas.field(field, true);
      return [
        {
          name,
          in: isInPath ? 'path' : 'query',
          ...(description && { description }),
          ...((isInPath || required) && { required: true }),
          schema,
        },
      ];
    });
  return flat(hasBody ? input.fields.filter(({ name }) => inPath.includes(name)) : input.fields, '', true);
}

/** Written as one text in JSON. */
const isText = ({ typeName }) => typeName.startsWith('google.protobuf.');

export const tagOf = (service, comments) => ({
  name: service.name,
  ...described(flowing(comments.get(service) ?? '')),
});
