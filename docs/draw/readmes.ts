import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kindOf } from '../../tests/architecture/contexts.ts';
import type { Model } from './model.ts';

/** Path of what the people of a service wrote about it: tables under headings, which the documents collect. */
export const readmeOf = (service: string): string => `services/${service}/README.md`;

interface Section {
  title: string;
  /** Rows of its table, with links as in docs/. */
  rows: string[];
}

/** The sections of a service's README; none without one. */
export function sectionsOf(root: string, service: string): Section[] {
  const path = join(root, readmeOf(service));
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').replaceAll('](../../docs/', '](').replaceAll('](../../', '](../');
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.split('\n', 1)[0] ?? '',
      rows: [...section.matchAll(/^\| .*$/gm)].map(([row]) => row).slice(2),
    }));
}

export const rowsUnder = (root: string, service: string, title: string): string[] =>
  sectionsOf(root, service).flatMap((section) => (section.title === title ? section.rows : []));

const headed = (head: readonly string[], rows: readonly string[]): string =>
  [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');

/** Why each service is separate. */
export const contexts = ({ root, services }: Model): string =>
  headed(
    ['context', 'kind', 'why it is separate', 'owns', 'KPI', 'released'],
    services.flatMap(({ name }) =>
      rowsUnder(root, name, 'Context').map((row) => `| \`${name}\` | ${kindOf(name)} ${row}`),
    ),
  );

/** Why services talk to each other. */
export const edges = ({ root, services }: Model): string =>
  headed(
    ['edge', 'how', 'why'],
    services.flatMap(({ name }) => rowsUnder(root, name, 'Edges')),
  );

/** What ends each state of an order. */
export const endings = ({ root, services }: Model): string =>
  headed(
    ['business', 'state', 'what ends it without an answer', 'result'],
    services.flatMap(({ name }) => rowsUnder(root, name, 'How each state ends').map((row) => `| ${name} ${row}`)),
  );

/** The Korean words of each service. */
export const words = ({ root, services }: Model): string =>
  services
    .flatMap(({ name }) =>
      sectionsOf(root, name).flatMap(({ title, rows }) =>
        title.startsWith('Words: ')
          ? [`## ${title.slice('Words: '.length)}: ${name}\n${headed(['Korean', 'in the code', 'meaning'], rows)}`]
          : [],
      ),
    )
    .join('\n\n');

/** What a service's README must say, and does not. */
export const unsaid = ({ root, services }: Model): string[] =>
  services.flatMap(({ name }) => {
    const titles = sectionsOf(root, name).flatMap(({ title, rows }) => (rows.length ? [title.split(':')[0]] : []));
    return ['Context', 'Words', ...(kindOf(name) === 'core' ? ['How each state ends'] : [])]
      .filter((title) => !titles.includes(title))
      .map((title) => `${readmeOf(name)} has no table under “${title}”`);
  });
