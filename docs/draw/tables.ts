import { kindOf } from '../../tests/architecture/contexts.ts';
import type { Message, Model } from './model.ts';
import { settingsIn, textsIn, type Setting } from './shape.ts';
import { readSources, type Source } from './source.ts';
import { unique } from './story.ts';

/** A Markdown table. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** Every message, by context: its meaning, its senders, its receivers. */
export function catalogue({ services, messages }: Model): string {
  const section = (context: string, kind: Message['kind']): string => {
    const rows = messages.filter((message) => message.context === context && message.kind === kind);
    if (!rows.length) return '';
    const others = (message: Message): string =>
      (kind === 'event' ? message.heardBy : message.sentBy).join(', ') || 'no service yet';
    const title = kind === 'event' ? `### Events of ${context}` : `### Commands to ${context}`;
    return `${title}\n${table(
      ['name', 'routing key', kind === 'event' ? 'received by' : 'sent by', 'meaning'],
      rows.map((message) => [`\`${message.name}\``, `\`${message.routingKey}\``, others(message), message.comment]),
    )}`;
  };
  return services
    .flatMap(({ name }) => [section(name, 'event'), section(name, 'command')])
    .filter(Boolean)
    .join('\n\n');
}

export interface Edge {
  from: string;
  to: string;
  messages: Message[];
}

/** Which service sends messages to which. A service that receives its own events has no edge to itself. */
export function edgesOf({ messages }: Model): Edge[] {
  const edges = new Map<string, Edge>();
  for (const message of messages)
    for (const from of message.sentBy)
      for (const to of message.heardBy) {
        if (from === to) continue;
        const edge = edges.get(`${from} → ${to}`) ?? { from, to, messages: [] };
        edges.set(`${from} → ${to}`, { ...edge, messages: [...edge.messages, message] });
      }
  return [...edges.values()];
}

export const messagesByEdge = (model: Model): string =>
  table(
    ['edge', 'commands', 'events'],
    edgesOf(model).map(({ from, to, messages }) => {
      const named = (kind: Message['kind']): string =>
        code(messages.filter((message) => message.kind === kind).map(({ name }) => name));
      const hearsAll = model.services.some(
        ({ name, plugged }) => name === to && plugged.subscriptions.events.includes('#'),
      );
      return [`${from} → ${to}`, named('command'), hearsAll ? 'every event' : named('event')];
    }),
  );

/** Each core service's process manager, as a table. */
export const sagas = ({ services }: Model): string =>
  services
    .filter(({ name }) => kindOf(name) === 'core')
    .map(({ name, stories }) => {
      const rows = stories.flatMap(({ inputs, events }) =>
        events.map((event) => {
          const causes = inputs.filter((input) => input.events.includes(event.name)).map((input) => input.name);
          return [code([event.name]), code(causes), code(event.asks), code(event.alarms)];
        }),
      );
      return `### ${name}\n${table(['event', 'caused by', 'sends', 'sets the timers'], rows)}`;
    })
    .join('\n\n');

/** Every environment variable that a program of ours declares. */
export function settings({ root }: Model): string {
  const declared = new Map<string, Setting & { by: string[] }>();
  const sources = readSources(root, '{services,adapters,deploy}/**/*.ts');
  const texts = new Map(sources.flatMap(textsIn));
  const readers = (of: readonly Source[]): string[] => of.map(({ path }) => readerOf(path.slice(root.length + 1)));
  for (const source of sources)
    for (const setting of settingsIn(source)) {
      const takers = takersOf(source, sources);
      const same = JSON.stringify(setting); // three sandboxes have one port each under one name
      const by = [...(declared.get(same)?.by ?? []), ...readers(takers.length ? takers : [source])];
      declared.set(same, { ...setting, by: unique(by).sort() });
    }
  const rows = [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return table(
    ['variable', 'default', 'meaning', 'read by'],
    rows.map(({ name, default: value, description, by }) => [
      `\`${name}\``,
      value && value !== 'undefined' ? `\`${texts.get(value) ?? value}\`` : '',
      description,
      by.join(', '),
    ]),
  );
}

/** Files that take over what a shared file declares: `...askAgainSetting`. */
function takersOf({ path, tree }: Source, sources: readonly Source[]): Source[] {
  const shared = [...tree.text.matchAll(/^export const (\w+Settings?)\b/gm)].map(([, name = '']) => `...${name},`);
  return sources.filter((other) => other.path !== path && shared.some((taken) => other.tree.text.includes(taken)));
}

/** `services/payment/provider/main.ts` → payment's provider */
function readerOf(path: string): string {
  const [, service, part] = /^services\/([^/]+)\/(?:([^/]+)\/)?/.exec(path) ?? [];
  if (service) return part && part !== 'adapters' ? `${service}'s ${part}` : service;
  if (path === 'services/web.ts') return 'web';
  return path.startsWith('deploy/') ? 'compose' : 'every process';
}
