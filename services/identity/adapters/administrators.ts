import { RpcError } from '#adapters/rpc/errors.ts';
import type { Caller, RpcService } from '#adapters/rpc/rpc.ts';
import { isAdministrator } from '../person.ts';
import type { People } from '../ports.ts';

/**
 * Asks at each method of administrators whether the caller still is one: a token keeps its roles for minutes after they were taken away,
 * in which it could make another administrator, or end a suspension. Whoever is no person here is judged by the token alone: their
 * identity provider gave them the role.
 */
export function forAdministrators({ methods }: RpcService, people: Pick<People, 'get'>): RpcService {
  const ask = async ({ id }: Caller): Promise<void> => {
    const me = await people.get(id);
    if (me && !isAdministrator(me.state))
      throw new RpcError('PERMISSION_DENIED', 'PERMISSION_DENIED', 'you are no longer an administrator');
  };
  return {
    methods: methods.map((method) => {
      const { implementation } = method;
      const { who } = implementation;
      if (who === 'anyone' || who.join() !== 'admin') return method;
      if (implementation.kind === 'stream')
        throw new Error(`${method.name} is a stream, and is not asked about its caller`);
      const asked = async (request: never, caller: Caller) => {
        await ask(caller);
        return implementation.run(request, caller);
      };
      return { ...method, implementation: { ...implementation, run: asked } as typeof implementation };
    }),
  };
}
