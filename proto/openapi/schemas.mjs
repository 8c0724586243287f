// JSON Schemas of messages, exactly as both gateways print and take them: names in lowerCamelCase, 64-bit integers as strings,
// enums by name, and every field without presence always there.
import { ScalarType } from '@bufbuild/protobuf';
import { flowing } from './comments.mjs';
import { limitsOf, listLimitsOf, mustBeGiven, wordsOf } from './rules.mjs';

/** Types with a JSON form of their own. */
const wellKnown = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?s$', examples: ['1.500s'] },
  'google.protobuf.FieldMask': {
    type: 'string',
    description: 'Names of fields, with commas between them.',
    examples: ['name,capacity'],
  },
  'google.protobuf.Any': {
    anyOf: ['ErrorInfo', 'BadRequest', 'RetryInfo'].map((name) => ({ $ref: `#/components/schemas/${name}` })),
  },
};

const integer64 = { type: 'string', format: 'int64', pattern: '^-?[0-9]+$' };
const scalars = {
  [ScalarType.STRING]: { type: 'string' },
  [ScalarType.BOOL]: { type: 'boolean' },
  [ScalarType.INT32]: { type: 'integer', format: 'int32' },
  [ScalarType.UINT32]: { type: 'integer', format: 'int64', minimum: 0 },
  [ScalarType.INT64]: integer64,
  [ScalarType.UINT64]: { ...integer64, pattern: '^[0-9]+$' },
  [ScalarType.DOUBLE]: { type: 'number', format: 'double' },
  [ScalarType.BYTES]: { type: 'string', contentEncoding: 'base64' },
};

export class Schemas {
  /** By name; for `components`. */
  found = {};
  #comments;
  #rules;

  constructor(comments, rules) {
    this.#comments = comments;
    this.#rules = rules;
  }

  /** Of what is answered. */
  answer(desc) {
    return this.#reference(desc, false);
  }

  /** Of what is sent; a message that is also answered is another schema there, since less has to be given. */
  request(desc) {
    return this.#reference(desc, true);
  }

  /** Of a request's body, without the fields that stand in the path. */
  body(desc, inPath) {
    const name = nameOf(desc);
    this.found[name] ??= this.#message(desc, true, inPath);
    return { $ref: `#/components/schemas/${name}` };
  }

  #reference(desc, sent) {
    if (wellKnown[desc.typeName]) return wellKnown[desc.typeName];
    const name = nameOf(desc) + (sent ? 'Input' : '');
    if (!(name in this.found)) {
      this.found[name] = {}; // a message may hold itself
      this.found[name] = this.#message(desc, sent);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  #message(desc, sent, without = []) {
    const fields = desc.fields.filter(({ name }) => !without.includes(name));
    const required = fields.filter((field) => (sent ? this.isRequired(field) : isAlwaysThere(field)));
    return {
      type: 'object',
      ...described(this.#comments.get(desc)),
      properties: Object.fromEntries(fields.map((field) => [field.jsonName, this.field(field, sent)])),
      ...(required.length && { required: required.map(({ jsonName }) => jsonName) }),
      ...oneofs(desc),
      // Gateways refuse a field that a request does not know. An answer may gain fields.
      ...(sent && { additionalProperties: false }),
    };
  }

  isRequired(field) {
    return mustBeGiven(field, this.#rules(field));
  }

  /** With its comment, and its rules where it is sent. */
  field(field, sent) {
    const rules = sent ? this.#rules(field) : {};
    const schema = this.#shape(field, sent, rules);
    const words = sent ? wordsOf(rules).map((text) => `It ${text}.`) : [];
    return { ...schema, ...described(this.#comments.get(field), ...words) };
  }

  #shape(field, sent, rules) {
    switch (field.fieldKind) {
      case 'list':
        return {
          type: 'array',
          items: this.#value(field, sent, { ...rules.repeated?.items, text: rules.text }),
          ...(sent && listLimitsOf(rules)),
        };
      case 'map':
        return { type: 'object', additionalProperties: this.#value(field, sent, {}), ...(sent && listLimitsOf(rules)) };
      default:
        return this.#value(field, sent, rules);
    }
  }

  #value({ message, enum: choice, scalar }, sent, rules) {
    if (message) return this.#reference(message, sent);
    if (choice) return this.#enum(choice, sent && rules.enum?.notIn?.includes(0));
    const { not: _, ...limits } = sent ? limitsOf(rules) : {};
    return { ...scalars[scalar], ...limits };
  }

  #enum(desc, withoutZero) {
    const values = desc.values.filter(({ number }) => number !== 0 || !withoutZero);
    const words = values.flatMap((value) => {
      const said = flowing(this.#comments.get(value) ?? '');
      return said ? [`- \`${value.name}\`: ${said}`] : [];
    });
    const name = nameOf(desc) + (withoutZero ? 'Input' : '');
    this.found[name] ??= {
      type: 'string',
      enum: values.map((value) => value.name),
      ...described(this.#comments.get(desc), words.join('\n')),
    };
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** `FieldPresence.IMPLICIT` */
const implicit = 2;
/** Printed with its zero as well. */
const isAlwaysThere = (field) =>
  field.fieldKind === 'list' || field.fieldKind === 'map' || (field.presence === implicit && !field.oneof);

/** Exactly one field of each oneof is there. */
function oneofs({ oneofs: groups }) {
  if (!groups.length) return {};
  return { allOf: groups.map(({ fields }) => ({ oneOf: fields.map(({ jsonName }) => ({ required: [jsonName] })) })) };
}

/** `jari.views.v1.Order.Entry` → `views.Order.Entry`; `google.type.Money` → `Money` */
export const nameOf = ({ typeName }) =>
  typeName.replace(/^jari\.(\w+)\.v1\./, '$1.').replace(/^jari\.(\w+)\.v(\d+)\./, '$1.v$2.').replace(/^google\.(\w+)\./, '');

export function described(...texts) {
  const description = texts.filter(Boolean).map(flowing).join('\n\n');
  return description ? { description } : {};
}
