import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kindOf } from '../../tests/architecture/contexts.ts';
import type { Model } from './model.ts';
import { readmeOf, sectionsOf, unsaid } from './readmes.ts';
import { readSources } from './source.ts';
import { unique } from './story.ts';
import { edgesOf } from './tables.ts';

/** What people wrote in the documents and the code does not bear out, and what the code does and nobody explained. */
export function unexplained(model: Model): string[] {
  const read = (path: string): string => readFileSync(join(model.root, path), 'utf8');
  /** The edges that the services' READMEs explain. */
  const explained = model.services.flatMap(({ name }) =>
    sectionsOf(model.root, name)
      .filter(({ title }) => title === 'Edges')
      .flatMap(({ rows }) => rows.map((row) => ({ edge: row.split(' | ')[0]?.slice(2) ?? '', path: readmeOf(name) }))),
  );
  const edges = unique([...edgesOf(model).map(({ from, to }) => `${from} → ${to}`), ...callsOf(model)]);
  return [
    ...edges
      .filter((edge) => !explained.some((each) => each.edge === edge))
      .map((edge) => `${readmeOf(ownerOf(edge))} does not say why ${edge}`),
    ...explained
      .filter(({ edge }) => !edges.includes(edge))
      .map(({ edge, path }) => `${path} explains ${edge}, which does not exist`),
    ...unsaid(model),
    ...uncompensated(model, read('docs/sagas.md')),
    ...undocumentedSettings(model.root, read('docs/operations.md')),
    ...globSync('{docs/**,services/*}/*.md', { cwd: model.root }).flatMap((path) => [
      ...deadLinks(model.root, path, read(path)),
      ...unknownNames(model, path, read(path)),
    ]),
  ];
}

/** A core whose steps nobody says how to undo. */
const uncompensated = ({ services }: Model, sagas: string): string[] =>
  services
    .filter(({ name }) => kindOf(name) === 'core' && !sagas.includes(`\n## ${name}: steps and compensations\n`))
    .map(({ name }) => `docs/sagas.md does not say what undoes the steps of ${name}`);

/** The business explains its edges with others, since they do not know it; of two others, the sender. */
function ownerOf(edge: string): string {
  const [from = '', to = ''] = edge.split(' → ');
  return kindOf(to) === 'core' ? to : from;
}

/** A service that calls another one has a setting for its address. */
const callsOf = ({ services }: Model): string[] =>
  services.flatMap(({ name, service }) =>
    Object.keys(service.settings).flatMap((setting) =>
      setting.endsWith('_ADDR') ? [`${name} → ${setting.slice(0, -'_ADDR'.length).toLowerCase()}`] : [],
    ),
  );

/** Variables that are read without being declared are in no drawn table; somebody must write them down. */
function undocumentedSettings(root: string, operations: string): string[] {
  const sources = readSources(root, '{services,adapters,deploy}/**/*.ts').map(({ tree }) => tree.text);
  const names = unique(sources.flatMap((text) => text.match(/\bJARI_[A-Z]+(?:_[A-Z]+)*\b/g) ?? []));
  return names
    .filter((name) => !operations.includes(`\`${name}\``))
    .map((name) => `docs/operations.md does not say what ${name} is`);
}

const deadLinks = (root: string, path: string, text: string): string[] =>
  [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
    .map(([, link]) => link as string)
    .filter((link) => !existsSync(join(root, dirname(path), link)))
    .map((link) => `${path} links to ${link}, which does not exist`);

/** `property.StayConfirmed` in a text must be a message of property. */
const unknownNames = ({ services, messages }: Model, path: string, text: string): string[] =>
  [...text.matchAll(/`([a-z]+)\.([A-Z]\w+)`/g)]
    .filter(([, context]) => services.some(({ name }) => name === context))
    .filter(([, context, name]) => !messages.some((message) => message.context === context && message.name === name))
    .map(([whole]) => `${path} names ${whole}, which is not a message`);
