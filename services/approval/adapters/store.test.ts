import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pino from 'pino';
import { version } from 'uuid';
import { newId } from '#kernel/ids.ts';
import { command } from '#adapters/bus/messages.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Caller } from '#adapters/rpc/rpc.ts';
import { handleWith } from '#adapters/service/handling.ts';
import { envelopeFor, testStore, type TestStore } from '#adapters/mikro-orm/testing.ts';
import { Approval_Status, type Approval, type ListApprovalsResponse } from '#proto/jari/approval/v1/approval.ts';
import * as messages from '#proto/jari/approval/v1/messages.ts';
import type { ServiceParts } from '#adapters/service/service.ts';
import { service } from '../main.ts';

// Approval as it is plugged, on PostgreSQL.

let on: TestStore;
let plugged: ServiceParts;
beforeAll(async () => {
  on = await testStore(service);
  plugged = service.plug({
    store: on.store,
    settings: {},
    now: Date.now,
    log: pino({ level: 'silent' }),
    staffRolesOf: async () => undefined,
    send: async () => undefined,
    development: true,
  });
});
afterAll(() => on.close());

const kim: Caller = { id: newId(), roles: ['admin'] };
const lee: Caller = { id: newId(), roles: ['admin'] };

async function ask<Response>(method: string, request: object, caller = kim): Promise<Response> {
  const implementation = plugged.rpc[0]!.methods.find(({ name }) => name === method)!.implementation;
  if (implementation.kind === 'query') return (await implementation.run(request as never, caller)) as Response;
  if (implementation.kind !== 'command') throw new Error(method);
  const updated = await implementation.run(request as never, caller);
  if (updated.accepted) return implementation.answer(updated.after) as Response;
  throw new RpcError('NOT_FOUND', updated.refusal, updated.refusal);
}
const hear = (message: ReturnType<typeof command>) =>
  handleWith(on.store, 'approval', plugged.subscriptions)(envelopeFor(message, 'tutoring'));

async function request(id: string = newId(), revision = 1, kind = 'tutoring.lesson'): Promise<string> {
  const body = { order: { kind, id }, revision, requesterId: newId(), summary: `Lesson, revision ${revision}` };
  await hear(command('jari.approval.v1.RequestApproval', messages.RequestApproval, id, body));
  return id;
}
const list = (filter: { status?: Approval_Status; kind?: string; pageSize?: number; pageToken?: string }) =>
  ask<ListApprovalsResponse>('listApprovals', {
    status: Approval_Status.STATUS_UNSPECIFIED,
    kind: '',
    pageSize: 0,
    pageToken: '',
    ...filter,
  });
const of = async (id: string): Promise<Approval> => (await list({})).approvals.find(({ order }) => order?.id === id)!;
const told = async (id: string) =>
  (await on.sent()).filter(({ subject }) => subject === id).map(({ type }) => type.split('.').at(-1));

test('a repeated request is one request; each revision is its own (T5)', async () => {
  const id = await request();
  await request(id);
  await request(id, 2);
  expect((await list({})).approvals.filter(({ order }) => order?.id === id).map(({ revision }) => revision)).toEqual([
    2, 1,
  ]);
});

test('an approval has an id of its own, which tells the time as all ids do (T5)', async () => {
  const id = await request();
  await request(id, 2);
  const ids = (await list({})).approvals.filter(({ order }) => order?.id === id).map((approval) => approval.id);
  expect(new Set([id, ...ids]).size).toBe(3);
  for (const each of ids)
    expect({ version: version(each), instant: each.slice(0, 13) }).toEqual({ version: 7, instant: id.slice(0, 13) });
});

test('the queue is newest first, by status and kind, page by page (T5)', async () => {
  const kind = 'seating.approval';
  const ids = [];
  for (let count = 0; count < 5; count++) {
    ids.push(await request(newId(), 1, kind));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  const newest = ids.toReversed();
  await ask('approveApproval', { approvalId: (await of(newest[1]!)).id });
  const shown = async (filter: Parameters<typeof list>[0]) =>
    (await list({ kind, ...filter })).approvals.map(({ order }) => order?.id);
  expect(await shown({})).toEqual(newest);
  expect(await shown({ status: Approval_Status.APPROVED })).toEqual([newest[1]]);
  expect(await shown({ status: Approval_Status.PENDING })).toEqual(newest.toSpliced(1, 1));
  const first = await list({ kind, pageSize: 3 });
  expect(first.approvals.map(({ order }) => order?.id)).toEqual(newest.slice(0, 3));
  expect(await shown({ pageSize: 3, pageToken: first.nextPageToken })).toEqual(newest.slice(3));
});

test('of administrators who decide at once one is heard, and the others are told what was decided and by whom (T5)', async () => {
  for (let round = 0; round < 10; round++) {
    const id = await request();
    const { id: approvalId } = await of(id);
    const outcomes = await Promise.allSettled([
      ask<Approval>('approveApproval', { approvalId }, kim),
      ask<Approval>('rejectApproval', { approvalId, text: 'too vague' }, lee),
    ]);
    const [done] = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const [refused] = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as RpcError] : []));
    expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'ALREADY_DECIDED' });
    expect(refused?.message).toContain(
      `${done?.status === Approval_Status.APPROVED ? 'approved' : 'rejected'} by ${done?.decidedBy}`,
    );
    expect(await of(id)).toEqual(done);
    expect(await told(id)).toHaveLength(1);
  }
});

test('a withdrawal that comes first leaves nothing to decide, and is answered (T12)', async () => {
  const id = newId();
  await hear(
    command('jari.approval.v1.WithdrawApproval', messages.WithdrawApproval, id, {
      order: { kind: 'tutoring.lesson', id },
      revision: 1,
    }),
  );
  await request(id);
  expect([await of(id), await told(id)]).toEqual([undefined, ['ApprovalWithdrawn', 'ApprovalWithdrawn']]);
});

test('nobody decides what is not there', async () => {
  await expect(ask('getApproval', { approvalId: newId() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(ask('approveApproval', { approvalId: newId() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
