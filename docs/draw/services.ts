import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import type { ServiceParts, Service } from '#adapters/service/service.ts';
import type { Store } from '#adapters/mikro-orm/store.ts';
import { readSettings } from '#adapters/settings/settings.ts';
import { readSources } from './source.ts';

/** A service as its main.ts exports it, and what it gives when it is plugged in. */
export interface Drawn {
  service: Service;
  plugged: ServiceParts;
  /** Full types of the commands that its code names: `jari.property.v1.RequestStay`. */
  sends: string[];
}

/** Plugs every service in, runs `look`, and unplugs them: nothing is started, and no database is there. */
export async function withServices<Result>(
  root: string,
  look: (services: Drawn[]) => Result | Promise<Result>,
): Promise<Result> {
  const drawn: Drawn[] = [];
  const data = mkdtempSync(join(tmpdir(), 'jari-drawn-'));
  try {
    for (const main of globSync('services/*/main.ts', { cwd: root }).sort()) {
      const { service } = (await import(pathToFileURL(join(root, main)).href)) as { service: Service };
      drawn.push({ service, plugged: plug(service, data), sends: commandsNamed(root, service.name) });
    }
    return await look(drawn);
  } finally {
    await Promise.all(drawn.map(({ plugged }) => plugged.stop?.()));
    rmSync(data, { recursive: true, force: true });
  }
}

const plug = (service: Service, data: string): ServiceParts =>
  service.plug({
    store: nowhere,
    settings: { ...readSettings(service.settings, {}), JARI_DATA: data },
    now: Date.now,
    log: pino({ level: 'silent' }),
    staffRolesOf: async () => undefined,
    send: () => Promise.reject(new Error('nothing is sent while drawing')),
    development: true,
  });

/** Being plugged in touches no database. */
const nowhere = new Proxy({} as Store, {
  get(_, name) {
    throw new Error(`Store.${String(name)} was used while plugging in`);
  },
});

function commandsNamed(root: string, service: string): string[] {
  const sources = readSources(root, `services/${service}/{*,adapters/*}.ts`);
  const named = sources.flatMap(({ tree: { text } }) => [
    ...[...text.matchAll(/\bcommand\(\s*'(jari\.[\w.]+)'/g)].map(([, type]) => type as string),
    ...sharedCommands(root).flatMap(([name, type]) => (text.includes(`${name}(`) ? [type] : [])),
  ]);
  return [...new Set(named)].sort();
}

/** Commands that several services send by a shared function: its name, and the command's type. */
const sharedCommands = (root: string): [name: string, type: string][] =>
  readSources(root, 'adapters/bus/*-commands.ts').flatMap(({ tree: { text } }) =>
    [...text.matchAll(/^export const (\w+)[\s\S]*?\bcommand\(\s*'(jari\.[\w.]+)'/gm)].map(
      ([, name, type]): [string, string] => [name as string, type as string],
    ),
  );
