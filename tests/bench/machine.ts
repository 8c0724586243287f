import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of processors and processes, in /proc. */

/** Linux counts in hundredths of a second, whatever its own clock does. */
const msPerTick = 10;

/** Time of all processors together, in milliseconds since the machine began. */
export interface Processors {
  total: number;
  busy: number;
  /** Wanted by this machine and given to another by the host of both. */
  steal: number;
}

export function processors(): Processors {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (
    readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? ''
  )
    .split(/ +/)
    .slice(1)
    .map((ticks) => Number(ticks) * msPerTick);
  const busy = user + nice + system + irq + softirq;
  return { total: busy + idle + iowait + steal, busy, steal };
}

interface Process {
  parent: number;
  /** Name of the program: `node`, `postgres`. */
  program: string;
  /** Milliseconds of processor time, with those of children that ended. */
  cpu: number;
}

export type Processes = ReadonlyMap<number, Process>;

export function processes(): Processes {
  const found = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const cpu = [11, 12, 13, 14].reduce((sum, field) => sum + (fields[field] ?? 0), 0) * msPerTick;
      found.set(Number(name), {
        parent: fields[1] ?? 0,
        program: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
        cpu,
      });
    } catch {
      // it has ended meanwhile
    }
  }
  return found;
}

/** A process and all that come of it. */
export function family(all: Processes, root: number): number[] {
  const children = [...all].filter(([, { parent }]) => parent === root).map(([pid]) => pid);
  return all.has(root) ? [root, ...children.flatMap((pid) => family(all, pid))] : [];
}

export const cpuOf = (all: Processes, pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (all.get(pid)?.cpu ?? 0), 0);

/** Megabytes in memory; what several processes share counts once (PSS: each carries its part of it). */
export function memoryOf(pids: readonly number[]): number {
  let kilobytes = 0;
  for (const pid of pids) {
    try {
      kilobytes += Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
    } catch {
      // it has ended meanwhile
    }
  }
  return kilobytes / 1_024;
}
