import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  currency: string;
  created: number;
  status: 'requires_confirmation' | 'requires_payment_method' | 'processing' | 'succeeded' | 'canceled';
  metadata: Record<string, string>;
  last_payment_error: object | null;
}

interface Movement {
  id: string;
  payment_intent: string;
  amount: number;
  currency: string;
  created: number;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  pending_reason?: string;
  metadata: Record<string, string>;
}

type Reply = readonly [status: number, body: object];

/** PROCESSING: the bank takes its time over what is confirmed. REFUSES_…: what was asked is wrong, and would be at any time; LIMITED: at another it would not. */
export type StandInMode =
  | 'NORMAL'
  | 'DECLINING'
  | 'DOWN'
  | 'LOSES_ANSWERS'
  | 'PROCESSING'
  | 'REFUSES_INTENT'
  | 'REFUSES_CONFIRM'
  | 'LIMITED';
export type RefundStatus = Movement['status'];

/**
 * The few methods of Stripe's API that our adapter uses, with a memory, as Stripe documents them: stripe-mock checks what is sent,
 * but forgets it. Loses answers where something happens: confirm, cancel, refund.
 */
export async function startStripeStandIn(now: () => number = Date.now) {
  const intents = new Map<string, Intent>();
  const byIdempotencyKey = new Map<string, { asked: string; reply: Reply }>();
  const charges: Movement[] = [];
  const refunds: Movement[] = [];
  const events: { type: string; created: number; data: { object: Movement } }[] = [];
  let mode: StandInMode = 'NORMAL';
  let indexed = true;
  let refundStatus: RefundStatus = 'succeeded';
  let pendingReason = '';
  let count = 0;
  const newId = (prefix: string): string => `${prefix}_${++count}`;

  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stripe');
      const call = `${request.method} ${pathname
        .replace(/^\/v1\//, '')
        .replace(/pi_\d+/, '{intent}')
        .replace(/re_\d+/, '{refund}')}`;
      if (mode === 'DOWN') return response.writeHead(503).end('{"error":{"type":"api_error"}}');
      if (mode === 'LIMITED')
        return response
          .writeHead(429, { 'retry-after': '1' })
          .end(JSON.stringify(failure('invalid_request_error', 'lock_timeout')));
      const [status, reply] = once(String(request.headers['idempotency-key'] ?? ''), body, () =>
        answer(
          call,
          /(pi|re)_\d+/.exec(pathname)?.[0] ?? '',
          request.method === 'GET' ? searchParams : new URLSearchParams(body),
        ),
      );
      if (mode === 'LOSES_ANSWERS' && /confirm|cancel|POST refunds/.test(call)) return request.socket.destroy();
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
    })();
  });

  function once(key: string, asked: string, run: () => Reply): Reply {
    const before = byIdempotencyKey.get(key);
    if (before) return before.asked === asked ? before.reply : [400, failure('idempotency_error', 'idempotency_error')];
    const reply = run();
    if (key) byIdempotencyKey.set(key, { asked, reply: structuredClone(reply) });
    return reply;
  }

  function answer(call: string, id: string, fields: URLSearchParams): Reply {
    const intent = intents.get(id) ?? intents.get(fields.get('payment_intent') ?? '');
    const since = Number(fields.get('created[gte]') ?? 0);
    const shown = (item: Movement): object =>
      [...fields].some(([name, value]) => name.startsWith('expand') && value.endsWith('payment_intent'))
        ? { ...item, payment_intent: intents.get(item.payment_intent) }
        : item;
    const found = (list: readonly Movement[]): Reply => {
      const of = fields.get('payment_intent');
      return [
        200,
        listOf(list.filter((item) => (of === null || item.payment_intent === of) && item.created >= since).map(shown)),
      ];
    };
    switch (call) {
      case 'POST payment_intents': {
        if (mode === 'REFUSES_INTENT') return [400, failure('invalid_request_error', 'amount_too_small')];
        const made: Intent = {
          id: newId('pi'),
          object: 'payment_intent',
          amount: Number(fields.get('amount')),
          currency: fields.get('currency') ?? '',
          created: seconds(),
          status: 'requires_confirmation',
          metadata: Object.fromEntries(
            [...fields].flatMap(([name, value]) => {
              const [, key] = /^metadata\[(\w+)\]$/.exec(name) ?? [];
              return key ? [[key, value]] : [];
            }),
          ),
          last_payment_error: null,
        };
        intents.set(made.id, made);
        return [200, made];
      }
      case 'GET payment_intents/search': {
        const [, key] = /metadata\['order_id'\]:'(.*)'/.exec(fields.get('query') ?? '') ?? [];
        return [200, listOf([...intents.values()].filter(({ metadata }) => indexed && metadata.order_id === key))];
      }
      case 'GET charges':
        return found(charges);
      case 'GET refunds':
        return found(refunds);
      case 'GET events': {
        const types = [...fields].flatMap(([name, value]) => (name.startsWith('types') ? [value] : []));
        return [200, listOf(events.filter(({ type, created }) => types.includes(type) && created >= since))];
      }
      case 'GET refunds/{refund}':
      case 'POST refunds/{refund}': {
        const refund = refunds.find((item) => item.id === id);
        if (!refund) return [404, failure('invalid_request_error', 'resource_missing')];
        for (const name of ['order_id', 'refund_key'])
          refund.metadata[name] = fields.get(`metadata[${name}]`) ?? refund.metadata[name] ?? '';
        return [200, shown(refund)];
      }
      case 'POST refunds': {
        const back = refunds
          .filter((item) => item.payment_intent === intent?.id && !cameToNothing(item))
          .reduce((sum, item) => sum + item.amount, 0);
        const amount = Number(fields.get('amount'));
        if (intent?.status !== 'succeeded' || back + amount > intent.amount)
          return [400, failure('invalid_request_error', 'charge_not_refundable')];
        const metadata = {
          order_id: fields.get('metadata[order_id]') ?? '',
          refund_key: fields.get('metadata[refund_key]') ?? '',
        };
        const refund = {
          ...movement('re', intent, amount, metadata),
          status: refundStatus,
          pending_reason: pendingReason,
        };
        refunds.push(refund);
        return [200, refund];
      }
    }
    if (!intent) return [404, failure('invalid_request_error', 'resource_missing')];
    switch (call) {
      case 'GET payment_intents/{intent}':
        return [200, intent];
      case 'POST payment_intents/{intent}/confirm':
        if (intent.status !== 'requires_confirmation')
          return [400, failure('invalid_request_error', 'payment_intent_unexpected_state')];
        if (mode === 'REFUSES_CONFIRM') return [400, failure('invalid_request_error', 'payment_method_unactivated')];
        if (mode === 'DECLINING') {
          intent.status = 'requires_payment_method';
          intent.last_payment_error = { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' };
          return [402, { error: { ...intent.last_payment_error, payment_intent: intent } }];
        }
        if (mode === 'PROCESSING') intent.status = 'processing';
        else succeed(intent);
        return [200, intent];
      case 'POST payment_intents/{intent}/cancel':
        if (/succeeded|canceled|processing/.test(intent.status))
          return [400, failure('invalid_request_error', 'payment_intent_unexpected_state')];
        intent.status = 'canceled';
        return [200, intent];
      default:
        return [404, failure('invalid_request_error', 'no_such_method')];
    }
  }

  function succeed(intent: Intent): void {
    intent.status = 'succeeded';
    charges.push(movement('ch', intent, intent.amount, intent.metadata));
  }

  const seconds = (): number => Math.floor(now() / 1_000);

  const movement = (
    prefix: string,
    { id, currency }: Intent,
    amount: number,
    metadata: Record<string, string>,
  ): Movement => ({
    id: newId(prefix),
    payment_intent: id,
    amount,
    currency,
    created: seconds(),
    status: 'succeeded',
    metadata,
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setMode: (next: StandInMode) => void (mode = next),
    statusesOf: (orderId: string) =>
      [...intents.values()].filter(({ metadata }) => metadata.order_id === orderId).map(({ status }) => status),
    /** As after a day. */
    forgetKeys: () => byIdempotencyKey.clear(),
    /** Whether what is made is found by searching: the index is late. */
    index: (fresh: boolean) => void (indexed = fresh),
    /** The banks have made up their minds. */
    finish: () => [...intents.values()].filter(({ status }) => status === 'processing').forEach(succeed),
    /** What the banks say at once of the refunds that are made from now on. */
    setRefunds: (status: RefundStatus, reason = '') => void ([refundStatus, pendingReason] = [status, reason]),
    /** What they say later of those that were made so far. */
    endRefunds(status: RefundStatus) {
      for (const refund of refunds) {
        refund.status = status;
        if (status === 'failed')
          events.push({ type: 'refund.failed', created: seconds(), data: { object: { ...refund } } });
      }
    },
    /** As somebody does in the dashboard. */
    refundByHand(orderId: string, amount: number) {
      const intent = [...intents.values()].find(({ metadata }) => metadata.order_id === orderId);
      if (intent) refunds.push({ ...movement('re', intent, amount, {}), status: refundStatus });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const cameToNothing = ({ status }: Movement): boolean => status === 'failed' || status === 'canceled';
const failure = (type: string, code: string): object => ({ error: { type, code, message: code } });
const listOf = (data: readonly object[]): object => ({ object: 'list', data, has_more: false });

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of request.setEncoding('utf8')) all += chunk;
  return all;
}
