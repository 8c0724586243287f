import {
  malformed,
  notFound,
  ok,
  serveSandbox,
  type Answer,
  type Call,
  type Json,
  type Place,
  type RunningSandbox,
} from '#adapters/sandbox/server.ts';
import { cardOf, declined, declineOf } from './cards.ts';
import { openLedger, Unbookable, type Ledger, type Sum } from './ledger.ts';

/** The sandbox payment provider, with books of its own in `dir`; DECLINING, it says no to every new charge. */
export function startProvider({ dir, ...at }: Place): Promise<RunningSandbox> {
  const ledger = openLedger(dir);
  return serveSandbox(at, {
    ledger: (query) => listed(ledger, query),
    answer: (call) => booked(ledger, call),
    close: ledger.close,
  });
}

/** What is said and done about `/charges…` and `/cards`. */
function booked(ledger: Ledger, { method, path, key: idempotencyKey, body, declining }: Call): Answer {
  const [root, key = '', verb = '', refundKey = ''] = path.slice(1).split('/');
  try {
    switch (`${method} /${root}${key && '/{key}'}${verb && `/${verb}`}${refundKey && '/{refund_key}'}`) {
      case 'POST /charges':
        return withSum(idempotencyKey, body, (sum) =>
          ledger.charge(idempotencyKey, sum, declining ? declined : declineOf(body.card)),
        );
      case 'POST /cards':
        return found(cardOf(body.token, Date.now()));
      case 'GET /charges/{key}':
        return found(ledger.find(key));
      case 'POST /charges/{key}/void':
        return ok({ outcome: ledger.void(key) });
      case 'POST /charges/{key}/refunds':
        return withSum(idempotencyKey, body, (sum) => ledger.refund(key, idempotencyKey, sum));
      case 'GET /charges/{key}/refunds/{refund_key}':
        return found(ledger.refundOf(key, refundKey));
      default:
        return notFound('NO_SUCH_PATH');
    }
  } catch (error) {
    if (error instanceof Unbookable) return { status: error.status, body: { reason: error.reason } };
    throw error;
  }
}

function withSum(idempotencyKey: string, { amount, currency }: Json, book: (sum: Sum) => object): Answer {
  const fits =
    typeof amount === 'number' &&
    Number.isSafeInteger(amount) &&
    amount > 0 &&
    typeof currency === 'string' &&
    /^[A-Z]{3}$/.test(currency);
  return fits && /^[\w-]{1,200}$/.test(idempotencyKey)
    ? ok(book({ amount, currency }))
    : malformed('needs an Idempotency-Key, a whole amount above 0 and a currency');
}

function listed(ledger: Ledger, query: URLSearchParams): readonly object[] {
  const orderId = query.get('order_id');
  if (orderId) return ledger.ofOrder(orderId);
  const since = query.get('since');
  return since ? ledger.since(Number(since), Number(query.get('after') ?? 0)) : ledger.newest();
}

const found = (body: object | undefined): Answer => (body ? ok(body) : notFound());
