import { readFileSync } from 'node:fs';
import { staffRolesSetKey } from '#adapters/auth/staff-roles.ts';
import { keyOf } from '#adapters/bus/messages.ts';
import { exchanges } from '#adapters/rabbitmq/envelope.ts';

/** What a service may send and receives; `services/rights.json` is drawn from the code (`npm run docs`). */
export interface Rights {
  /** Full types of the commands that it sends. */
  commands: readonly string[];
  /** Routing keys or patterns of the events that it listens to. */
  hears: readonly string[];
  /** It builds its records anew from the events of the past. */
  rebuilds?: boolean;
}

export const rightsOfServices = JSON.parse(
  readFileSync(new URL('../../services/rights.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Rights>>;

/** Regular expressions, as RabbitMQ asks for them: on names of exchanges and queues. */
export interface Permission {
  configure: string;
  write: string;
  read: string;
}

/** On the routing keys of one exchange. RabbitMQ allows every key of an exchange that has no entry. */
export interface TopicPermission {
  exchange: string;
  write: string;
  read: string;
}

export interface UserRights {
  permission: Permission;
  topics: readonly TopicPermission[];
}

const nothing = '^$';
const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\#]/g, '\\$&');
const oneOf = (patterns: readonly string[]): string => (patterns.length ? `^(${patterns.join('|')})$` : nothing);

/**
 * A service writes its own events, the commands of others that its code sends, and its own dead letters. It reads its own queues, which
 * it may bind to the events that it hears and to its own commands.
 */
export function rightsOf(service: string, { commands, hears, rebuilds = false }: Rights): UserRights {
  const name = literal(service);
  // The queue, its dead letters, and the queue of one rebuilding (`views@UUID`).
  const queues = `${name}(\\.dead${rebuilds ? '|@[0-9a-f-]+' : ''})?`;
  const all = Object.values(exchanges).map(literal).join('|');
  const ownEvents = `(order\\.)?${name}\\.[A-Za-z0-9]+`;
  // Also what it asked the others for, which lies among its events.
  const replayed = [
    ownEvents,
    'ops\\.(Replay(Begun|Ended)|TellAgainRequested)',
    ...(rebuilds ? ['ops\\.Replay(Requested|Mark)'] : []),
  ];
  const heard =
    rebuilds || hears.includes('#')
      ? '.*'
      : oneOf([...hears.map(literal), 'ops\\.(Replay|TellAgain)Requested', literal(staffRolesSetKey)]);
  return {
    permission: { configure: `^${queues}$`, write: `^(${all}|${queues})$`, read: `^(${all}|${queues})$` },
    topics: [
      {
        exchange: exchanges.event,
        write: oneOf([ownEvents, 'ops\\.TellAgainRequested', ...(rebuilds ? ['ops\\.ReplayRequested'] : [])]),
        read: heard,
      },
      {
        exchange: exchanges.command,
        write: oneOf(commands.map((type) => literal(keyOf(type)))),
        read: `^${name}\\.[A-Za-z0-9]+$`,
      },
      { exchange: exchanges.replay, write: oneOf(replayed), read: rebuilds ? '.*' : nothing },
      { exchange: exchanges.dead, write: `^${name}$`, read: `^${name}$` },
    ],
  };
}

/** A program that is none of ours: it has a queue of its own name, hears orders, and writes nothing. */
export const rightsOfListener = (queue: string): UserRights => {
  const name = literal(queue);
  return {
    permission: { configure: `^${name}$`, write: `^${name}$`, read: `^(${name}|${literal(exchanges.event)})$` },
    topics: Object.values(exchanges).map((exchange) => ({
      exchange,
      write: nothing,
      read: exchange === exchanges.event ? '^order\\..*' : nothing,
    })),
  };
};
