import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '#adapters/service/service.ts';
import { stateFrom } from '#adapters/mikro-orm/state.ts';
import type { AnyStored } from '#adapters/mikro-orm/store.ts';
import { services } from '../../services/registry.ts';
import { typeCheck } from '../architecture/running.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'rows');

/** Rows as a released version wrote them: a state for each status and each set of fields, by service and table. */
export const recorded = (): { version: string; rows: Readonly<Record<string, readonly unknown[]>> }[] =>
  readdirSync(folder).map((file) => ({
    version: file.replace('.json', ''),
    rows: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown[]>,
  }));

/** Where today's code has an aggregate. */
export interface Home {
  of: AnyStored;
  module: string;
  /** Of the module's exports, the one that is it, or that makes it. */
  name: string;
  made: boolean;
}

/** All aggregates of all services, by service and table; found among what the services' adapters export. */
export async function homes(): Promise<Map<string, Home>> {
  const found = new Map<string, Home>();
  for (const { name: service } of services)
    for (const file of ['store.ts', 'messages.ts']) {
      const module = join(root, 'services', service, 'adapters', file);
      for (const [name, exported] of Object.entries((await import(module)) as Record<string, unknown>)) {
        const made = typeof exported === 'function' && name.startsWith('stored');
        const of = made ? (exported as (settings: unknown) => AnyStored)({}) : (exported as AnyStored);
        if (of && typeof of === 'object' && 'evolve' in of && 'encode' in of)
          found.set(`${service}/${of.name}`, { of, module, name, made });
      }
    }
  return found;
}

/** Tables of the services' migrations that hold states. */
export async function tables(): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of services) {
    const { service } = (await import(join(root, 'services', name, 'main.ts'))) as { service: Service };
    for (const statement of service.migrations.flatMap(({ up }) => up)) {
      const table = /create table (\w+)\s*\([^;]*\bstate jsonb/.exec(statement)?.[1];
      if (table) found.push(`${name}/${table}`);
    }
  }
  return found;
}

/** Reads rows as a store does, and has the compiler compare what comes of them with the types of today's states. One line per difference. */
export async function differences(rows: Readonly<Record<string, readonly unknown[]>>): Promise<string[]> {
  const known = await homes();
  const lines = [
    `type Stored<Of> = Of extends (...settings: never[]) => { initial: infer State } ? State : Of extends { initial: infer State } ? State : never;`,
  ];
  const places: string[] = lines.map(() => '');
  for (const [place, states] of Object.entries(rows)) {
    const home = known.get(place);
    if (!home) return [`${place}: there is no such aggregate any more`];
    const { of, module, name } = home;
    for (const [nth, state] of states.entries()) {
      lines.push(
        `export const row${lines.length}: Stored<typeof import('${module}')['${name}']> = ${JSON.stringify(stateFrom(of, JSON.stringify(state)))};`,
      );
      places.push(`${place}, row ${nth + 1}`);
    }
  }
  const project = mkdtempSync(join(tmpdir(), 'jari-rows-'));
  try {
    writeFileSync(join(project, 'rows.mts'), lines.join('\n'));
    const compilerOptions = { typeRoots: [join(root, 'node_modules/@types')] };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions,
        include: [],
        files: ['rows.mts', join(root, 'adapters/mikro-orm/pg-utils.d.ts')],
      }),
    );
    const { problems } = await typeCheck(project, 'tsconfig.json');
    // The compiler's first line has the place; the indented lines after it give the field.
    return problems.split(/\n(?! )/).flatMap((problem) => {
      const line = /^rows\.mts\((\d+),\d+\): /.exec(problem);
      return line
        ? [`${places[Number(line[1]) - 1]}: ${problem.slice(line[0].length)}`]
        : problem.trim()
          ? [problem]
          : [];
    });
  } finally {
    rmSync(project, { recursive: true });
  }
}
