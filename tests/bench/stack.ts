import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stackIn } from '../../deploy/native/native-stack.ts';
import { rabbitMqUrl } from '../../deploy/native/rabbitmq.ts';
import { settings } from './embedded.ts';
import { family } from './machine.ts';
import { adminOf, services, urlOf, type System } from './system.ts';

const groups: Readonly<Record<string, string>> = {
  postgres: 'PostgreSQL',
  rabbitmq: 'RabbitMQ',
  envoy: 'Envoy',
  'payment-provider': 'provider',
};

/** The native stack, in a folder and on ports of its own. */
export async function nativeStack(): Promise<System> {
  const dir = mkdtempSync(join(tmpdir(), 'jari-bench-'));
  const stack = await stackIn({ dir, env: settings, services });
  const signal = (names: readonly string[], what: 'SIGSTOP' | 'SIGCONT'): void => {
    for (const name of names) {
      const running = stack.part(name).running();
      if (running) process.kill(running.pid, what);
    }
  };
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      signal(services, 'SIGCONT');
      await stack.down();
      rmSync(dir, { recursive: true, force: true });
    })());
  try {
    await stack.up();
  } catch (error) {
    await stop();
    throw error;
  }
  const admin = adminOf(join(stack.dir, 'postgres'));
  return {
    name: 'stack',
    rest: `http://127.0.0.1:${stack.ports.http}`,
    grpc: `127.0.0.1:${stack.ports.grpc}`,
    lodging: `127.0.0.1:${stack.ports.services['lodging']?.grpc}`,
    broker: rabbitMqUrl(join(stack.dir, 'rabbitmq'), stack.ports.rabbitmq),
    admin,
    parts: stack.parts.map(({ name, running }) => ({
      name,
      group: groups[name] ?? 'node',
      pids: (all) => family(all, running()?.pid ?? 0),
    })),
    databaseOf: (service) => urlOf(admin, service),
    freeze: (names) => signal(names, 'SIGSTOP'),
    thaw: (names) => signal(names, 'SIGCONT'),
    stop,
  };
}
