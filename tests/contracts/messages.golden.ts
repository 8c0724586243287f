// `node tests/contracts/messages.golden.ts` records how messages that are new look on the wire today. What is recorded is never
// recorded again: it stands for what lies in outboxes and queues, written by yesterday's version.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  fromJson,
  ScalarType,
  toBinary,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf';
import { registry } from '#adapters/rpc/descriptors.ts';

const file = new URL('messages.golden.json', import.meta.url);

export interface Golden {
  json: JsonValue;
  /** The message's bytes, base64. */
  bytes: string;
}

/** Every message that travels between services. */
export const travelling = (): DescMessage[] =>
  [...registry].filter(
    (each): each is DescMessage => each.kind === 'message' && /^jari\/.*\/messages$/.test(each.file.name),
  );

export const golden = (): Record<string, Golden> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Golden>) : {};

/** The text of the file that holds `messages`: sorted by name, so that a new message is the only difference. */
export const inFile = (messages: Record<string, Golden>): string =>
  `${JSON.stringify(Object.fromEntries(Object.entries(messages).sort(([one], [other]) => (one < other ? -1 : 1))), null, 1)}\n`;

/** The text of the file as it is. */
export const recordedText = (): string => readFileSync(file, 'utf8');

/** A message with something in every field. */
function sample(type: DescMessage): JsonObject {
  if (type.typeName === 'google.protobuf.Timestamp') return '2026-12-24T06:00:00Z' as unknown as JsonObject;
  return Object.fromEntries(type.fields.map((field) => [field.jsonName, valueOf(field)]));
}

function valueOf(field: DescField): JsonValue {
  switch (field.fieldKind) {
    case 'message':
      return sample(field.message);
    case 'enum':
      return field.enum.values.at(-1)!.name;
    case 'list':
      return [
        field.listKind === 'message'
          ? sample(field.message)
          : scalar(field.name, field.listKind === 'scalar' ? field.scalar : ScalarType.STRING),
      ];
    case 'map':
      return { key: scalar(field.name, ScalarType.STRING) };
    case 'scalar':
      return scalar(field.name, field.scalar);
  }
}

function scalar(name: string, type: ScalarType): JsonValue {
  switch (type) {
    case ScalarType.STRING:
      return name;
    case ScalarType.BOOL:
      return true;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return '7';
    default:
      return 7;
  }
}

if (import.meta.main) {
  const recorded = golden();
  const fresh = travelling().filter(({ typeName }) => !(typeName in recorded));
  for (const type of fresh) {
    const json = sample(type);
    recorded[type.typeName] = {
      json,
      bytes: Buffer.from(toBinary(type, fromJson(type, json, { registry }))).toString('base64'),
    };
  }
  if (fresh.length) writeFileSync(file, inFile(recorded));
  console.log(fresh.length ? `recorded: ${fresh.map(({ typeName }) => typeName).join(', ')}` : 'nothing is new');
}
