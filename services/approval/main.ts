import { serviceOf } from '#adapters/service/service.ts';
import { approvalRpc } from './adapters/grpc.ts';
import { subscriptions } from './adapters/messages.ts';
import { entities } from './adapters/entities.ts';
import { migrations, mikroOrmApprovals, storedApproval } from './adapters/store.ts';

/** Approval (승인): requests that an administrator decides, of whatever business. */
export const service = serviceOf({
  name: 'approval',
  migrations,
  entities,
  settings: {},
  plug: ({ store, now }) => ({
    rpc: [approvalRpc(mikroOrmApprovals(store), now)],
    subscriptions: subscriptions(storedApproval),
    timers: {},
  }),
});
