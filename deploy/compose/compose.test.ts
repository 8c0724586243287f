import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { composeGateway } from '../envoy/config.ts';
import { sandboxes, services } from '../../services/registry.ts';

interface Compose {
  services: Record<
    string,
    { image: string; build?: { dockerfile: string }; command?: string[]; ports?: string[]; volumes?: string[]; healthcheck?: object; depends_on?: object; environment?: Record<string, string> }
  >;
  volumes: Record<string, unknown>;
}

const checkout = join(import.meta.dirname, '../..');
const compose: Compose = parse(readFileSync(join(checkout, 'docker-compose.yml'), 'utf8'), { merge: true, maxAliasCount: 1_000 });

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
    expect(Object.keys(compose.services).sort()).toEqual(['gateway', 'init', 'postgres', 'rabbitmq', ...[...sandboxes, ...services].map(({ name }) => name)].sort());
    for (const { name } of services) expect(compose.services[name]?.command).toEqual(['node', `--env-file=/etc/jari/${name}.env`, 'services/run.ts', name]);
  });

  test('takes every image at an exact version', () => {
    const images = Object.values(compose.services).map(({ image }) => image);
    expect(images.filter((image) => !/:v?\d+\.\d+(\.\d+)?$/.test(image))).toEqual([]);
  });

  test('publishes nothing beyond this machine', () => {
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(published).toHaveLength(2);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('names only volumes, programs and Dockerfiles that there are', () => {
    for (const { volumes = [], command = [], build } of Object.values(compose.services)) {
      for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const word of command) if (word.endsWith('.ts')) expect([word, existsSync(join(checkout, word))]).toEqual([word, true]);
      if (build) expect(existsSync(join(checkout, build.dockerfile))).toBe(true);
    }
  });

  test('hands on every setting of its gateway', () => {
    const read = new Set<string>();
    const env = new Proxy({} as NodeJS.ProcessEnv, { get: (_, name: string) => void read.add(name) });
    composeGateway({ keys: [] }, env);
    expect(Object.keys(compose.services['init']!.environment!)).toEqual(expect.arrayContaining([...read]));
    expect(read.size).toBeGreaterThan(2);
  });

  test('asks everyone for their health; ours answer by what the image says', () => {
    const silent = Object.entries(compose.services).filter(([, { image, healthcheck }]) => !healthcheck && !image.startsWith('jari:'));
    expect(silent).toEqual([]);
    expect(readFileSync(join(checkout, 'deploy/Dockerfile'), 'utf8')).toMatch(/^HEALTHCHECK .*deploy\/native\/health\.ts/m);
  });
});
