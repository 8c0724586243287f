import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { embedded, checkout, postgresOf, type Embedded } from './kit/embedded.ts';
import { eventually } from './kit/eventually.ts';
import { day, lodging, type Reservation } from './kit/lodging.ts';
import { startProgram } from './kit/program.ts';

// How `node services/run.ts` starts, ends, dies and comes back.

const startsAndEnds = 120_000;
const opened: Embedded[] = [];
const jariWith = async (settings: Readonly<Record<string, string>> = {}): Promise<Embedded> => {
  const jari = await embedded(settings);
  opened.push(jari);
  return jari;
};
afterEach(async () => {
  for (const jari of opened.splice(0).reverse()) await jari.remove();
}, 60_000);

/** Runs what should end by itself. */
async function refused(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | string; output: string }> {
  const program = startProgram({ command: process.execPath, args: ['services/run.ts', ...args], cwd: checkout, env });
  const impatience = setTimeout(() => program.signal('SIGKILL'), 20_000);
  const code = await program.ended;
  clearTimeout(impatience);
  return { code, output: program.output() };
}

describe('a start', () => {
  test(
    'prints addresses, people and a first call that works word by word; Ctrl-C ends it, and all is there after the next',
    async () => {
      const jari = await jariWith();
      await jari.up();
      const printed = jari.program.output();
      for (const said of [
        jari.rest,
        jari.grpc,
        jari.env.JARI_DATA!,
        'guest, host, customer, buyer, seller, dealer, courier, agent, admin',
      ])
        expect(printed).toContain(said);

      const [, firstCall, secondCall] =
        /First call:\s+(curl \S+)\s[^]*?\n\s+(curl [^]+?'\{[^]+?\}')/.exec(printed) ?? [];
      const typed = async (line: string): Promise<unknown> =>
        JSON.parse(
          (await promisify(execFile)('sh', ['-c', line], { cwd: checkout, env: { ...process.env, ...jari.env } }))
            .stdout,
        );
      const { rooms } = (await typed(firstCall!)) as { rooms: { id: string; name: string }[] };
      expect(rooms.length).toBeGreaterThanOrEqual(10);
      expect(rooms.every(({ name }) => /\p{Script=Hangul}/u.test(name) && /[A-Za-z]/.test(name))).toBe(true);
      const made = (await typed(secondCall!.replace('ROOM', rooms[0]!.id))) as Reservation;
      expect(made).toMatchObject({ status: 'REQUESTED', roomId: rooms[0]!.id });

      const { confirmed, reaches, reservation, newRoom } = lodging(jari);
      const paid = await confirmed(await newRoom(), 40);
      await reaches(paid.id, 'PAID');
      const asTheyWere = await Promise.all([made, paid].map(({ id }) => reservation(id)));

      const began = Date.now();
      expect(await jari.down()).toBe(0);
      expect(Date.now() - began).toBeLessThan(5_000);
      expect(postgresOf(jari.env.JARI_DATA!)).toBeUndefined();
      await jari.up();
      expect(await Promise.all([made, paid].map(({ id }) => reservation(id)))).toEqual(asTheyWere);
      expect(await lodging(jari).rooms()).toHaveLength(rooms.length + 1);
    },
    startsAndEnds,
  );

  test(
    'Ctrl-C loses no call that is being answered, nor what follows from it',
    async () => {
      const jari = await jariWith();
      await jari.up();
      const { newRoom, guest } = lodging(jari);
      const room = await newRoom({ instant: true });
      const calls = Array.from({ length: 40 }, (_, nth) =>
        guest
          .post<Reservation>('/v1/lodging/reservations', {
            room_id: room.id,
            check_in: day(40 + nth),
            check_out: day(41 + nth),
            guests: 2,
          })
          .catch(() => undefined),
      );
      await Promise.race(calls);
      expect(await jari.down()).toBe(0);
      const accepted = (await Promise.all(calls)).filter((answer) => answer?.status === 200);
      expect(accepted.length).toBeGreaterThan(0);
      await jari.up();
      for (const answer of accepted) await lodging(jari).reaches(answer!.body.id, 'PAID');
    },
    startsAndEnds,
  );

  test(
    'Ctrl-C once more, a while after the first, waits for nothing, leaves no PostgreSQL behind and loses nothing either',
    async () => {
      const jari = await jariWith();
      await jari.up();
      const { confirmed, newRoom, provider } = lodging(jari);
      await provider('SLOW', 30_000);
      const { id } = await confirmed(await newRoom(), 40);
      await eventually(
        () => jari.rows('payment', 'select from timer where claimed_until is not null'),
        (rows) => rows.length === 1,
      );
      const ended = jari.down();
      await pause(1_800); // it counts a second after the first was heard, and the charge that is under way ends after three
      expect(jari.program.isRunning()).toBe(true);
      jari.program.signal('SIGINT');
      expect(await ended).toBe(130);
      expect(postgresOf(jari.env.JARI_DATA!)).toBeUndefined();
      await jari.up();
      await lodging(jari).reaches(id, 'PAID'); // no lease of the process that left need run out
    },
    startsAndEnds,
  );
});

describe('kill -9 during thirty reservations', () => {
  // With PostgreSQL left an orphan, and with PostgreSQL killed as well.
  test.each([[undefined], ['all']] as const)(
    'loses no accepted reservation, and each reaches a final state (kills: %s)',
    async (what) => {
      const jari = await jariWith({ JARI_STAY_ANSWER_SECONDS: '3', JARI_PAYMENT_ANSWER_SECONDS: '1' });
      await jari.up();
      const { newRoom, guest, asked, decide } = lodging(jari);
      const [asking, instant] = [await newRoom(), await newRoom({ instant: true })];
      const accepted: Reservation[] = [];
      const unknown: unknown[] = [];
      const calls = Array.from({ length: 30 }, async (_, nth) => {
        const [room, inDays] = [nth % 2 ? asking : instant, 40 + nth];
        try {
          const { body } = await guest.post<Reservation>('/v1/lodging/reservations', {
            room_id: room.id,
            check_in: day(inDays),
            check_out: day(inDays + 1),
            guests: 1,
          });
          accepted.push(body);
          // Every third is confirmed, so that it dies in every part of the story.
          if (nth % 3 === 1) await asked(body.id).then(() => decide('confirm', body.id));
        } catch (error) {
          unknown.push(error);
        }
      });
      await eventually(
        async () => accepted.length,
        (count) => count >= 8,
      );
      await jari.die(what);
      await Promise.all(calls);
      expect(unknown.length).toBeGreaterThan(0);

      await jari.up();
      const { reservation, paid, free } = lodging(jari);
      for (const { id, roomId, checkIn } of accepted) {
        const { status } = await eventually(
          () => reservation(id),
          (found) => ['PAID', 'REJECTED'].includes(found.status),
        );
        expect(await paid(id)).toBe(status === 'PAID' ? 100_000 : 0);
        const inDays = Array.from({ length: 30 }, (_, nth) => 40 + nth).find((days) => day(days) === checkIn)!;
        expect(await free({ id: roomId } as never, inDays, 1)).toEqual([status !== 'PAID']);
      }
      // All is sent, and marked a moment later.
      await eventually(
        () => jari.rows('lodging', 'select from outbox where published_at is null'),
        (rows) => rows.length === 0,
      );
    },
    startsAndEnds,
  );
});

describe('a start that fails', () => {
  test(
    'on a folder that another one already uses says so and ends, and leaves that one alone',
    async () => {
      const jari = await jariWith();
      await jari.up();
      const other = await jariWith({ JARI_DATA: jari.env.JARI_DATA! });
      const { code, output } = await refused([], other.env);
      expect(code).toBe(2);
      expect(output).toMatch(`in use by process ${jari.program.pid}`);
      expect(output).not.toMatch(/\n\s+at /);
      expect(await lodging(jari).rooms()).not.toHaveLength(0);
      await jari.down();
      await other.up();
      expect(await lodging(other).rooms()).not.toHaveLength(0);
    },
    startsAndEnds,
  );

  test.each(['PORT', 'GRPC_PORT'])(
    'because its port is taken names the setting: %s',
    async (setting) => {
      const jari = await jariWith();
      const other = createServer().listen(Number(jari.env[setting]), '127.0.0.1');
      await once(other, 'listening');
      const { code, output } = await refused([], jari.env);
      other.close();
      expect(code).toBe(2);
      expect(output).toContain(`port ${jari.env[setting]} is taken: choose another with ${setting}=…`);
      expect(postgresOf(jari.env.JARI_DATA!)).toBeUndefined();
    },
    startsAndEnds,
  );

  test.each([
    [{ PORT: 'eighty', JARI_STAY_ANSWER_SECONDS: 'soon', GATEWAY: 'maybe', JARI_RATE_PER_SUBJECT: 'none' }],
    [
      {
        PORT: '70000',
        GRPC_PORT: '-1',
        JARI_STAY_ANSWER_SECONDS: '0',
        JARI_PAYMENT_ANSWER_SECONDS: '-5',
        JARI_RATE_PER_ADDRESS: '-1',
      },
    ],
  ])('names all wrong settings at once: %j', async (wrong) => {
    const { env } = await jariWith(wrong);
    const { code, output } = await refused([], env);
    expect(code).toBe(2);
    for (const [setting, value] of Object.entries(wrong)) expect(output).toContain(`${setting}=${value}`);
    expect(output).not.toMatch(/\n\s+at /);
  });

  test('because there is no such service names those that there are', async () => {
    const { env } = await jariWith();
    expect(await refused(['lodgings'], env)).toEqual({
      code: 2,
      output: expect.stringMatching(/^There is no service lodgings. The services are .*\blodging\b/),
    });
  });
});
