import { basename, join } from 'node:path';
import { exportedBy, reached, readSources, unionOf } from './source.ts';

/** One aggregate's rules, as its source says them. */
export interface Story {
  /** File name: `reservation`. */
  aggregate: string;
  /** What comes in, and the events it may lead to. */
  inputs: { name: string; events: string[] }[];
  /** What happens, and what follows from it. */
  events: { name: string; asks: string[]; alarms: string[] }[];
}

/** The stories of a service: of each file in its root that has an `…Input`, an `…Event` and a `decide`. */
export function storiesOf(root: string, service: string): Story[] {
  const folder = join('services', service);
  const [process] = readSources(root, join(folder, 'process.ts'));
  const processFunctions = process ? exportedBy(process) : [];

  return readSources(root, join(folder, '*.ts')).flatMap((source) => {
    const inputs = unionOf(source, 'Input');
    const events = unionOf(source, 'Event');
    if (!inputs.length || !events.length) return [];
    const follows = (event: string): { asks: string[]; alarms: string[] } => {
      const literals = process ? reached(process, processFunctions, event) : [];
      return {
        asks: unique(
          literals.flatMap(({ to = [], type = [] }) =>
            to[0] && to[0] !== 'everybody' ? type.map((name) => `${to[0]}.${name}`) : [],
          ),
        ),
        alarms: unique(literals.flatMap(({ name = [], at }) => (at ? name : []))),
      };
    };
    return {
      aggregate: basename(source.path, '.ts'),
      inputs: inputs.map((name) => ({
        name,
        events: unique(
          reached(source, ['decide'], name).flatMap(({ type = [] }) => type.filter((each) => events.includes(each))),
        ),
      })),
      events: events.map((name) => ({ name, ...follows(name) })),
    };
  });
}

export const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
