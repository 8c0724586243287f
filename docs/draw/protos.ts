import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One of our proto files, as far as checks and drawings look into it. Ours are laid out one declaration a line. */
export interface ProtoFile {
  /** `proto/jari/lodging/v1/messages.proto` */
  path: string;
  context: string;
  /** `jari/order/v1/order.proto` */
  imports: string[];
  rpcs: { name: string; comment: string }[];
  /** `types` are those of its fields. */
  messages: { name: string; comment: string; types: string[] }[];
}

export const readProtos = (root: string): ProtoFile[] =>
  globSync('proto/jari/*/v1/*.proto', { cwd: root })
    .sort()
    .map((path) => parseProto(path, readFileSync(join(root, path), 'utf8')));

export function parseProto(path: string, text: string): ProtoFile {
  const file: ProtoFile = { path, context: path.split('/')[2] ?? '', imports: [], rpcs: [], messages: [] };
  let comment: string[] = [];
  for (const line of text.split('\n')) {
    const [, words] = /^\s*\/\/ ?(.*)/.exec(line) ?? [];
    if (words !== undefined) {
      comment.push(words);
      continue;
    }
    read(line, comment.join(' ').replaceAll(/\s+/g, ' ').trim());
    comment = [];
  }
  return file;

  function read(line: string, comment: string): void {
    const [, imported] = /^import "(.+)";/.exec(line) ?? [];
    if (imported) file.imports.push(imported);
    const [, rpc] = /^\s+rpc (\w+)\(/.exec(line) ?? [];
    if (rpc) file.rpcs.push({ name: rpc, comment });
    const [, message] = /^message (\w+)/.exec(line) ?? [];
    if (message) file.messages.push({ name: message, comment, types: [] });
    const [, type] = /^\s+(?:repeated |optional )?([\w.]+) \w+ = \d+/.exec(line) ?? [];
    if (type) file.messages.at(-1)?.types.push(type);
  }
}

/** What travels by itself: the messages of a context's messages.proto, without the parts that they are made of. */
export function travelling(files: readonly ProtoFile[], context: string): ProtoFile['messages'] {
  const messages = files
    .filter((file) => file.context === context && basename(file.path) === 'messages.proto')
    .flatMap((file) => file.messages);
  const parts = new Set(messages.flatMap(({ types }) => types));
  return messages.filter(({ name }) => !parts.has(name));
}
