import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { callTimeoutMs } from '#adapters/gateway/headers.ts';
import type { Service } from '#adapters/service/service.ts';
import { connectionsAlone } from '../../services/process-settings.ts';
import { composeGateway } from '../envoy/config.ts';
import { ownTokens } from '../envoy/tokens.ts';
import { sandboxes, services, web } from '../../services/registry.ts';

interface Compose {
  services: Record<
    string,
    {
      image: string;
      stop_grace_period?: string;
      build?: { dockerfile: string };
      command?: string[];
      ports?: string[];
      volumes?: string[];
      healthcheck?: object;
      depends_on?: object;
      environment?: Record<string, string>;
    }
  >;
  volumes: Record<string, unknown>;
}

/** In the order of another list. */
const byName =
  (order: readonly string[]) =>
  (a: string, b: string): number =>
    order.indexOf(a) - order.indexOf(b);

const checkout = join(import.meta.dirname, '../..');
const compose: Compose = parse(readFileSync(join(checkout, 'docker-compose.yml'), 'utf8'), {
  merge: true,
  maxAliasCount: 1_000,
});

describe('docker-compose.yml', () => {
  test('keeps the rules of the Compose Specification', () => {
    // The specification's own schema, from compose-go 2.16.2 (Apache License 2.0).
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'compose-spec.schema.json'), 'utf8'));
    const follows = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    follows(compose);
    expect(follows.errors).toBeNull();
    expect(follows({ services: { lodging: { imago: 'jari' } } })).toBe(false);
  });

  test('has a container for every service and for what they stand on', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      [
        'gateway',
        'init',
        'postgres',
        'rabbitmq',
        'secrets',
        ...[web, ...sandboxes, ...services].map(({ name }) => name),
      ].sort(),
    );
    for (const { name } of services)
      expect(compose.services[name]?.command).toEqual([
        'node',
        `--env-file=/etc/jari/${name}.env`,
        'services/run.ts',
        name,
      ]);
    expect(compose.services[web.name]?.command).toEqual(['node', '--env-file=/etc/jari/web.env', web.program]);
  });

  test('says where each service is that another one calls', async () => {
    for (const { name } of services) {
      const { service } = (await import(`../../services/${name}/main.ts`)) as { service: Service };
      for (const setting of Object.keys(service.settings).filter((each) => each.endsWith('_ADDR'))) {
        const called = setting.slice(0, -'_ADDR'.length).toLowerCase();
        expect({ name, [setting]: compose.services[name]?.environment?.[setting] }).toEqual({
          name,
          [setting]: `${called}:50051`,
        });
      }
    }
  });

  test('takes every image at an exact version', () => {
    const images = Object.values(compose.services).map(({ image }) => image);
    expect(images.filter((image) => !/:v?\d+\.\d+(\.\d+)?(@sha256:[0-9a-f]{64})?$/.test(image))).toEqual([]);
  });

  test('gives each container what is its own, and nothing that is for another (15)', () => {
    const mounted = (name: string): string[] =>
      (compose.services[name]?.volumes ?? []).map((volume) => volume.replace(/:ro$/, ''));
    const fed = ['postgres', 'rabbitmq', 'gateway', web.name, ...services.map(({ name }) => name)];
    for (const name of fed)
      expect(mounted(name).filter((volume) => volume.includes(':/etc/jari'))).toEqual([`config-${name}:/etc/jari`]);
    for (const name of ['secrets', 'init'])
      expect(mounted(name)).toEqual(
        ['config:/etc/jari', ...fed.map((each) => `config-${each}:/etc/jari/for/${each}`)].sort(byName(mounted(name))),
      );
    for (const { name } of sandboxes)
      expect(mounted(name).filter((volume) => volume.includes('/etc/jari'))).toEqual([]);
    const text = readFileSync(join(checkout, 'docker-compose.yml'), 'utf8');
    expect(text).not.toMatch(/PASSWORD: |DEFAULT_PASS|guest:|:jari@/);
  });

  test('builds its image once, and needs no newer engine than others do (17)', () => {
    expect(
      Object.entries(compose.services)
        .filter(([, { build }]) => build)
        .map(([name]) => name),
    ).toEqual(['secrets']);
    expect(JSON.stringify(compose)).not.toContain('start_interval');
    expect(readFileSync(join(checkout, 'deploy/Dockerfile'), 'utf8')).not.toContain('--start-interval');
  });

  test('lets PostgreSQL take the connections of two replicas of every service', () => {
    const limit = Number(/max_connections=(\d+)/.exec(String(compose.services['postgres']?.command))?.[1]);
    expect(limit).toBeGreaterThanOrEqual(2 * services.length * connectionsAlone + 20);
  });

  test('gives whoever has requests in hand more time to finish them than they take', () => {
    const seconds = (name: string): number =>
      Number(/^(\d+)s$/.exec(compose.services[name]?.stop_grace_period ?? '')?.[1]);
    const longest = Number(
      /seconds=\$\{2:-(\d+)\}/.exec(readFileSync(join(checkout, 'deploy/envoy/drain.sh'), 'utf8'))?.[1],
    );
    expect(longest * 1_000).toBeGreaterThan(callTimeoutMs);
    for (const name of ['gateway', ...services.map((each) => each.name)])
      expect(seconds(name)).toBeGreaterThan(longest + 2);
    expect(compose.services['gateway']?.command?.slice(0, 4)).toEqual(['bash', '/etc/jari/run.sh', '9901', 'envoy']);
  });

  test('publishes nothing beyond this machine', () => {
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(published).toHaveLength(2);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('names only volumes, programs and Dockerfiles that there are', () => {
    for (const { volumes = [], command = [], build } of Object.values(compose.services)) {
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const word of command)
        if (word.endsWith('.ts')) expect([word, existsSync(join(checkout, word))]).toEqual([word, true]);
      if (build) expect(existsSync(join(checkout, build.dockerfile))).toBe(true);
    }
  });

  test('hands on every setting of its gateway', () => {
    const read = new Set<string>();
    const env = new Proxy({} as NodeJS.ProcessEnv, { get: (_, name: string) => void read.add(name) });
    composeGateway(ownTokens({ keys: [] }), env);
    expect(Object.keys(compose.services['init']!.environment!)).toEqual(expect.arrayContaining([...read]));
    expect(read.size).toBeGreaterThan(2);
  });

  test('asks everyone for their health; ours answer by what the image says', () => {
    const silent = Object.entries(compose.services).filter(
      ([, { image, healthcheck }]) => !healthcheck && !image.startsWith('jari:'),
    );
    expect(silent).toEqual([]);
    expect(readFileSync(join(checkout, 'deploy/Dockerfile'), 'utf8')).toMatch(
      /^HEALTHCHECK .*deploy\/native\/health\.ts/m,
    );
  });
});
