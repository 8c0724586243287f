import { v7 } from 'uuid';
import type { Caller } from '#adapters/rpc/rpc.ts';
import type { Play } from './history.ts';

const courier: Caller = { id: v7(), roles: ['courier'] };

export async function leaves({ world }: Play, orderId: string): Promise<unknown> {
  await world.call('delivery', 'takeDelivery', { orderId }, courier);
  return world.call('delivery', 'startDelivery', { orderId }, courier);
}

/** The customer shows the code. */
export async function arrives({ world }: Play, orderId: string, owner: Caller): Promise<unknown> {
  const seen = await world.call('delivery', 'getDelivery', { orderId }, owner);
  const code =
    typeof seen === 'object' && 'answer' in seen ? (seen.answer as { handoverCode: string }).handoverCode : '';
  return world.call('delivery', 'completeDelivery', { orderId, code }, courier);
}
