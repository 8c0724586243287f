import {
  malformed,
  notFound,
  ok,
  serveSandbox,
  type Answer,
  type Call,
  type Place,
  type RunningSandbox,
} from '#adapters/sandbox/server.ts';
import { KeyReused, openLedger, type Ledger } from './ledger.ts';

/** The sandbox bank, with books of its own in `dir`; DECLINING, it refuses the account of every new transfer. */
export function startBank({ dir, ...at }: Place): Promise<RunningSandbox> {
  const ledger = openLedger(dir);
  return serveSandbox(at, {
    ledger: (query) => ledger.entries(query.get('order_id') ?? ''),
    answer: (call) => booked(ledger, call),
    close: ledger.close,
  });
}

/** What is said and done about `/transfers…`. */
function booked(ledger: Ledger, call: Call): Answer {
  const [root, key = '', verb = ''] = call.path.slice(1).split('/');
  switch (`${call.method} /${root}${key && '/{key}'}${verb && `/${verb}`}`) {
    case 'POST /transfers':
      return transferred(ledger, call);
    case 'GET /transfers/{key}': {
      const found = ledger.find(key);
      return found ? ok(found) : notFound();
    }
    case 'POST /transfers/{key}/void':
      return ok({ outcome: ledger.void(key) });
    default:
      return notFound('NO_SUCH_PATH');
  }
}

function transferred(ledger: Ledger, { key, body: { order_id, amount, currency, account }, declining }: Call): Answer {
  const fits =
    typeof amount === 'number' &&
    Number.isSafeInteger(amount) &&
    amount > 0 &&
    typeof currency === 'string' &&
    /^[A-Z]{3}$/.test(currency);
  if (!fits || typeof order_id !== 'string' || typeof account !== 'string' || !/^[\w-]{1,200}$/.test(key))
    return malformed('needs an Idempotency-Key, an order_id, an account, a whole amount above 0 and a currency');
  try {
    return ok(ledger.transfer(key, { order_id, amount, currency, account }, declining ? 'ACCOUNT_REFUSED' : undefined));
  } catch (error) {
    if (error instanceof KeyReused) return { status: 409, body: { reason: 'KEY_REUSED' } };
    throw error;
  }
}
