import type { DescMessage } from '@bufbuild/protobuf';
import { registry } from '#adapters/rpc/descriptors.ts';
import { FromNewerSender } from './messages.ts';

/** Refuses a message in which an enum has a value that this process does not know: a newer sender means something by it. */
export function refuseUnknownValues(type: string, message: object): void {
  const found = looks.get(type) ?? lookOf(type);
  for (const look of found) look(message as Fields, type);
}

type Fields = Readonly<Record<string, unknown>>;
type Look = (message: Fields, path: string) => void;

/** Found once for each type: most have no enum, and then nothing is looked at. */
const looks = new Map<string, readonly Look[]>();

function lookOf(type: string): readonly Look[] {
  const descriptor = registry.getMessage(type);
  const found = descriptor ? looksOf(descriptor, new Set()) : [];
  looks.set(type, found);
  return found;
}

/** `above`: types within which this one lies; one that lies within itself is looked at no deeper. */
function looksOf(descriptor: DescMessage, above: ReadonlySet<string>): readonly Look[] {
  if (above.has(descriptor.typeName) || descriptor.typeName.startsWith('google.')) return [];
  const inner = new Set([...above, descriptor.typeName]);
  return descriptor.fields.flatMap((field): Look[] => {
    const { localName, name } = field;
    const each = (message: Fields): readonly unknown[] => {
      const value = message[localName];
      return value === undefined ? [] : Array.isArray(value) ? value : [value];
    };
    if (field.enum) {
      const known = new Set(field.enum.values.map(({ number }) => number));
      return [
        (message, path) => {
          for (const value of each(message))
            if (!known.has(value as number))
              throw new FromNewerSender(`${path}.${name} has the value ${String(value)}, which is not known here`);
        },
      ];
    }
    if (!field.message || field.fieldKind === 'map') return [];
    const deeper = looksOf(field.message, inner);
    if (!deeper.length) return [];
    return [
      (message, path) =>
        each(message).forEach((part) => deeper.forEach((look) => look(part as Fields, `${path}.${name}`))),
    ];
  });
}
