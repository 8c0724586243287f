import { describe, expect, test } from '@jest/globals';
import { newId } from '#kernel/ids.ts';
import { registry } from '#adapters/rpc/descriptors.ts';
import { RpcError } from '#adapters/rpc/errors.ts';
import type { Role } from '#adapters/rpc/rpc.ts';
import type { Scope } from '#adapters/scope/scope.ts';
import { UpdateRoomRequest } from '#proto/jari/property/v1/property.ts';
import { changes, recording } from './acting.ts';
import { masked } from './masked.ts';
import type { Act, Ending, Trail } from './trail.ts';

const path = '/jari.property.v1.PropertyService/UpdateRoom';
const bytes = UpdateRoomRequest.encode(UpdateRoomRequest.fromPartial({ roomId: newId(), capacity: 3 })).finish();
const scope: Scope = { correlationId: 'r-1', causationId: 'r-1' };
const done = new Uint8Array([1]);

function trailOf(begin: () => Promise<void> = async () => {}) {
  const begun: Act[] = [];
  const ended: [string, Ending][] = [];
  const trail = {
    begin: async (act: Act) => (await begin(), void begun.push(act)),
    end: async (id: string, ending: Ending) => void ended.push([id, ending]),
  } as Trail;
  return { begun, ended, trail };
}
const acting = (...roles: Role[]) => ({ caller: { id: newId(), roles }, bytes, address: '203.0.113.7', scope });

describe('a call that changes something (16)', () => {
  test.each<Role>(['admin', 'agent'])(
    'by the role %s is on record: who, what, from where, before and after',
    async (role) => {
      const { trail, begun, ended } = trailOf();
      const call = acting('customer', role);
      const response = await recording(path, () => trail)(call, async ({ changed }) => {
        expect(begun).toHaveLength(1); // before it is done
        changed!.set('room/1', {
          aggregate: 'room',
          id: '1',
          before: { capacity: 2, address: 'Seoul' },
          after: { capacity: 3, address: 'Seoul' },
        });
        return done;
      });
      expect(response).toBe(done);
      expect(begun).toMatchObject([
        {
          caller: call.caller.id,
          roles: ['customer', role],
          method: path,
          address: '203.0.113.7',
          correlationId: 'r-1',
        },
      ]);
      expect(JSON.parse(begun[0]!.request)).toMatchObject({ capacity: 3 });
      expect(ended).toEqual([
        [
          begun[0]!.id,
          {
            outcome: 'OK',
            reason: '',
            changes: [
              {
                aggregate: 'room',
                id: '1',
                before: '{"capacity":2,"address":"***"}',
                after: '{"capacity":3,"address":"***"}',
              },
            ],
          },
        ],
      ]);
    },
  );

  test('that is refused is on record with the refusal', async () => {
    const { trail, ended } = trailOf();
    const refused = async (): Promise<never> => {
      throw new RpcError('FAILED_PRECONDITION', 'ALREADY_PAID', 'no');
    };
    await expect(recording(path, () => trail)(acting('admin'), refused)).rejects.toThrow('no');
    expect(ended).toMatchObject([[expect.any(String), { outcome: 'FAILED_PRECONDITION', reason: 'ALREADY_PAID' }]]);
  });

  test('that cannot be put on record is not done', async () => {
    let isDone = false;
    const { trail } = trailOf(() => Promise.reject(new Error('no database')));
    await expect(recording(path, () => trail)(acting('admin'), async () => ((isDone = true), done))).rejects.toThrow(
      'no database',
    );
    expect(isDone).toBe(false);
  });

  test('that a service makes on behalf of a person is that person’s, from where they are', async () => {
    const { trail, begun } = trailOf();
    const onBehalfOf = { id: newId(), address: '198.51.100.4' };
    await recording(path, () => trail)({ ...acting('service'), onBehalfOf }, async () => done);
    expect(begun).toMatchObject([{ caller: onBehalfOf.id, roles: ['service'], address: '198.51.100.4' }]);
  });

  test('by anybody else is not on record', async () => {
    const { trail, begun } = trailOf();
    await recording(path, () => trail)(acting('host'), async () => done);
    await recording(path, () => trail)({ ...acting(), caller: undefined }, async () => done);
    expect(begun).toEqual([]);
  });
});

test('every method of every service changes something, but for those that are read with GET and quotes (16)', () => {
  const methods = [...registry].flatMap((each) =>
    each.kind === 'service' && each.typeName.startsWith('jari.') ? each.methods : [],
  );
  const reading = methods.filter((method) => !changes(method)).map(({ name }) => name);
  expect(methods.length).toBeGreaterThan(80);
  expect(
    reading.filter(
      (name) => !/^(Get|List|Watch|Search|Verify|Quote|Preview|Nearest|Download|Export|Receive|Read)/.test(name),
    ),
  ).toEqual([]);
  expect(methods.filter(changes).map(({ name }) => name)).not.toContainEqual(expect.stringMatching(/^(List|Watch)/));
});

describe('what is personal', () => {
  test('is masked, wherever it lies', () =>
    expect(
      JSON.parse(
        masked({
          text: 'kept',
          phone: '010',
          a: [{ email_address: 'a@b', bankAccount: { number: 1 } }],
          n: 5n,
          phoneNumber: '',
        }),
      ),
    ).toEqual({
      ...{ text: 'kept', phone: '***', a: [{ email_address: '***', bankAccount: '***' }], n: '5', phoneNumber: '' },
    }));
  test('is not all of a person’s account: roles stay, and a bank account goes', () => {
    const account = { name: '김하늘', email: { sealed: 'x' }, passwordHash: 'x', roles: ['admin'], terms: {} };
    expect(JSON.parse(masked({ status: 'active', account }))).toEqual({
      status: 'active',
      account: { name: '***', email: '***', passwordHash: '***', roles: ['admin'], terms: {} },
    });
    const bankAccount = { bank: 'SHINHAN', number: '110-123', holder: '김하늘' };
    expect(JSON.parse(masked({ account: bankAccount }))).toEqual({
      account: { bank: '***', number: '***', holder: '***' },
    });
    expect(masked({ displayName: '김하늘', name: 'Pine House' })).toBe('{"displayName":"***","name":"Pine House"}');
  });
  test('and what is long is left out', () => expect(masked({ text: 'x'.repeat(10_000) })).toMatch(/^\{"omitted"/));
});
