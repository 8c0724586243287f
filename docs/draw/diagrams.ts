import { join } from 'node:path';
import type { Model } from './model.ts';
import { functionsOf, portsOf, providersIn } from './shape.ts';
import { readSources } from './source.ts';
import type { Story } from './story.ts';
import { edgesOf } from './tables.ts';

const mermaid = (...lines: readonly string[]): string =>
  ['```mermaid', 'flowchart LR', ...lines.map((line) => `  ${line}`), '```'].join('\n');

type ServiceModel = Model['services'][number];

/** All services and the messages between them. */
export function map(model: Model): string {
  const arrows = edgesOf(model)
    .filter(({ messages }) => messages.some(({ kind }) => kind === 'command'))
    .map(({ from, to }) => `${from} -- commands --> ${to}`);
  const news = edgesOf(model)
    .filter(({ messages }) => messages.every(({ kind }) => kind === 'event'))
    .map(({ from, to }) => `${from} -. events .-> ${to}`);
  return mermaid(...model.services.map(({ name }) => `${name}([${name}])`), ...arrows, ...news);
}

/** What happens in each service: from what comes in to what happens to what is asked for next. */
export const board = (model: Model): string =>
  model.services
    .map((service) => {
      const stories = service.stories.map((story) => `#### ${story.aggregate}\n${storyboard(service, story)}`);
      return `### ${service.name}\n${stories.join('\n\n') || 'Has no rules: it builds read models from events.'}`;
    })
    .join('\n\n');

function storyboard({ name, plugged }: ServiceModel, { inputs, events }: Story): string {
  const heard = new Set(plugged.subscriptions.events.map((key) => key.split('.').at(-1)));
  const node = {
    input: (text: string) => `in_${text}`,
    event: (text: string) => `ev_${text}`,
    ask: (text: string) => `ask_${text.replace('.', '_')}`,
  };
  const asked = new Set(events.flatMap(({ asks }) => asks));
  return mermaid(
    ...inputs.map((input) =>
      heard.has(input.name)
        ? `${node.input(input.name)}[${input.name}]:::heard`
        : `${node.input(input.name)}[${input.name}]:::command`,
    ),
    ...events.map((event) => `${node.event(event.name)}[${event.name}]:::event`),
    ...[...asked].map((ask) => `${node.ask(ask)}[${ask}]:::command`),
    ...inputs.flatMap((input) => input.events.map((event) => `${node.input(input.name)} --> ${node.event(event)}`)),
    ...events.flatMap((event) => event.asks.map((ask) => `${node.event(event.name)} -- whenever --> ${node.ask(ask)}`)),
    ...events.flatMap((event) =>
      event.alarms.map(
        (alarm) =>
          `${node.event(event.name)} -. sets .-> alarm_${alarm.replaceAll('-', '_')}>"${name}: ${alarm}"]:::alarm`,
      ),
    ),
    'classDef command fill:#a9d4f5,stroke:#33658a,color:#000',
    'classDef event fill:#ffb765,stroke:#a65e00,color:#000',
    'classDef heard fill:#ffd9b0,stroke:#a65e00,stroke-dasharray:4,color:#000',
    'classDef alarm fill:#d8c3f0,stroke:#6a4c93,color:#000',
  );
}

/** Each service's inside and outside: who drives it, what it decides, what it needs, who provides that. */
export const hexagons = (model: Model): string =>
  model.services.map((service) => `### ${service.name}\n${hexagon(model.root, service)}`).join('\n\n');

function hexagon(root: string, { name, service, plugged }: ServiceModel): string {
  const folder = join('services', name);
  const lines = (items: readonly string[]): string => items.join('<br/>');
  const useCases = readSources(root, join(folder, 'usecases.ts')).flatMap(functionsOf);
  const [portsFile] = readSources(root, join(folder, 'ports.ts'));
  const ports = portsFile ? portsOf(portsFile) : [];
  const providers = readSources(root, join(folder, 'adapters/*.ts')).flatMap((source) => providersIn(source, ports));
  const { subscriptions: hears, rpc, timers } = plugged;
  const methods = (forServices: boolean): string[] =>
    rpc
      .flatMap((each) => each.methods)
      .filter(({ implementation }) => implementation.who.includes('service') === forServices)
      .map(({ definition }) => definition.path.split('/').at(-1) ?? '');
  const driving = [
    ['rpc', '([people, by REST and gRPC])', lines(methods(false))],
    ['calls', '([other services, by gRPC])', lines(methods(true))],
    ['messages', '([other services, by message])', lines([...hears.commands, ...hears.events])],
    ['timers', '([the clock])', lines(Object.keys(timers))],
  ] as const;
  return mermaid(
    ...driving.flatMap(([id, who, what]) =>
      what ? [`${id}_who${who} --> ${id}["${what}"]`, `${id} --> usecases`] : [],
    ),
    `subgraph core [${name}]`,
    `  usecases[["${lines(useCases.map((each) => each.name)) || 'the core'}"]] --> aggregates{{"${lines(aggregatesOf(service))}"}}`,
    ...ports.map((port) => `  usecases --> port_${port}(${port})`),
    'end',
    ...providers.map(({ provider, port }) => `port_${port} --- provided_${provider}[${provider}]`),
  );
}

/** Tables of the shape in which the store keeps an aggregate. */
const aggregatesOf = ({ migrations }: ServiceModel['service']): string[] =>
  migrations.flatMap(({ up }) =>
    up.flatMap((statement) => /create table (\w+) \(\s*id uuid primary key,\s*version /.exec(statement)?.[1] ?? []),
  );
