import type { Bench, Figure, Row } from './figure.ts';
import { rounds } from './rounds.ts';
import { memoryByPart, quiet, services } from './system.ts';

const inFlight = 128;
const lookEveryMs = 500;

/** Memory before any load, and the most of each part under one. Runs first on a system: what a load leaves behind stays for a while. */
async function measure({ system, load, rooms, seconds }: Bench): Promise<Row[]> {
  await quiet(system);
  const idle = memoryByPart(system);
  const most: Record<string, number> = { ...idle };
  const looking = setInterval(() => {
    for (const [part, megabytes] of Object.entries(memoryByPart(system)))
      most[part] = Math.max(most[part] ?? 0, megabytes);
  }, lookEveryMs);
  const measured = await rounds(1, () =>
    load.run({ call: 'reserve', of: rooms.instant, loop: 'closed', inFlight, seconds: 2 * seconds }),
  );
  clearInterval(looking);

  const common = { on: system.name, unit: 'MB', rounds: 1, thrown: 0, others: measured.others };
  const pss = 'PSS: pages that processes share count once';
  const row = (
    what: string,
    when: 'idle' | 'under load',
    by: Record<string, number>,
    names: readonly string[],
    pick: 'sum' | 'largest',
    goal?: number,
  ): Row => {
    const values = names.map((name) => by[name] ?? 0);
    return {
      what: `memory of ${what}, ${when}`,
      value: pick === 'sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values),
      ...(goal !== undefined && { goal: { most: goal, of: 'value' } }),
      detail: names.map((name) => `${name} ${(by[name] ?? 0).toFixed(0)}`).join(', '),
      meaning: `${pss}; ${when === 'idle' ? 'just started, before any request' : `the most seen under whole reservations, ${inFlight} in flight`}`,
      ...common,
    };
  };
  const whole = system.parts.map(({ name }) => name);
  if (system.name === 'embedded')
    return [
      row('everything', 'idle', idle, whole, 'sum', 450),
      row('everything', 'under load', most, whole, 'sum', 450),
    ];
  const names: readonly string[] = services;
  return [
    row('the largest service', 'idle', idle, names, 'largest', 160),
    row('the largest service', 'under load', most, names, 'largest', 320),
    row('Envoy', 'under load', most, ['envoy'], 'sum', 100),
    row('everything', 'under load', most, whole, 'sum'),
  ];
}

export const memory: Figure = { name: 'memory', on: ['embedded', 'stack'], measure };
