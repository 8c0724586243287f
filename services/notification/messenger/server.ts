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
import { openLedger, type Ledger } from './ledger.ts';

/** A stand-in for a provider of KakaoTalk Alimtalk and SMS, which keeps in `dir` what it delivered; DECLINING, nobody has KakaoTalk. */
export function startMessenger({ dir, ...at }: Place): Promise<RunningSandbox> {
  const ledger = openLedger(dir);
  return serveSandbox(at, {
    ledger: (query) => ledger.entries(query.get('order_id') ?? ''),
    answer: (call) => delivered(ledger, call),
    close: ledger.close,
  });
}

const types = { '/alimtalk/messages': 'ALIMTALK', '/sms/messages': 'SMS' } as const;

/** `POST /alimtalk/messages`, `POST /sms/messages` `{recipientNo, content, orderId}`. */
function delivered(
  ledger: Ledger,
  { method, path, key, body: { recipientNo: phone, content: text, orderId }, declining }: Call,
): Answer {
  const type = types[path as keyof typeof types];
  if (!type || method !== 'POST') return notFound('NO_SUCH_PATH');
  if (
    typeof phone !== 'string' ||
    typeof text !== 'string' ||
    typeof orderId !== 'string' ||
    !/^[\w-]{1,200}$/.test(key)
  )
    return malformed('needs an Idempotency-Key, recipientNo, content and orderId');
  if (!/^\+?\d{8,15}$/.test(phone)) return { status: 422, body: { reason: 'NO_SUCH_NUMBER' } };
  if (declining && type === 'ALIMTALK') return { status: 422, body: { reason: 'NOT_A_KAKAOTALK_USER' } };
  ledger.deliver(key, { order_id: orderId, type, phone, text, at: Date.now() });
  return ok({ outcome: 'taken' });
}
