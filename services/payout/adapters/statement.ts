import { krw } from '#kernel/money.ts';
import { csvLine } from '#adapters/rpc/csv.ts';
import { invalid } from '#adapters/rpc/errors.ts';
import { toProto } from '#adapters/rpc/money.ts';
import { fitting } from '#adapters/rpc/page.ts';
import type { HttpBody } from '#proto/google/api/httpbody.ts';
import * as proto from '#proto/jari/payout/v1/payout.ts';
import type { Entry, Statements } from '../ports.ts';

const defaultSize = 50;
/** Lines that a file is sent in at a time. */
const linesAtOnce = 5_000;

/** A page of it, newest first. A page token says at which entry the page before it ended. */
export async function statementPage(
  statements: Statements,
  payeeId: string,
  { pageSize, pageToken }: { pageSize: number; pageToken: string },
): Promise<proto.Statement> {
  const size = pageSize || defaultSize;
  const [{ balance, held }, found] = await Promise.all([
    statements.balance(payeeId),
    statements.entries(payeeId, { size: size + 1, before: pageToken ? entryNumber(pageToken) : undefined }),
  ]);
  const shown = fitting(found.slice(0, size), toEntry);
  const entries = found.slice(0, shown.length);
  return {
    entries: shown,
    balance: toProto(krw(balance)),
    held: toProto(krw(held)),
    nextPageToken:
      found.length > entries.length ? Buffer.from(`entry ${entries.at(-1)?.number}`).toString('base64url') : '',
  };
}

function entryNumber(pageToken: string): number {
  const [, number] = /^entry (\d{1,15})$/.exec(Buffer.from(pageToken, 'base64url').toString('utf8')) ?? [];
  if (!number) throw invalid({ field: 'page_token', description: 'must be a token that this list answered with' });
  return Number(number);
}

const toEntry = ({ at, type, orderId, amount, balance, due }: Entry): proto.StatementEntry => ({
  time: new Date(at),
  type: proto.StatementEntry_Type[type],
  orderId,
  amount: toProto(krw(amount)),
  balance: toProto(krw(balance)),
  dueTime: due === undefined ? undefined : new Date(due),
});

/** The whole of it as CSV, oldest first. */
export async function* statementFile(statements: Statements, payeeId: string): AsyncIterable<HttpBody> {
  yield piece(csvLine(['time', 'type', 'order_id', 'amount', 'balance', 'currency', 'due_time']));
  for (let after = 0; ;) {
    const entries = await statements.entriesAfter(payeeId, { size: linesAtOnce, after });
    const lines = entries.map(({ at, type, orderId, amount, balance, due }) =>
      csvLine([timeOf(at), type, orderId, amount, balance, 'KRW', due === undefined ? '' : timeOf(due)]),
    );
    if (lines.length) yield piece(lines.join(''));
    if (entries.length < linesAtOnce) return;
    after = entries.at(-1)!.number;
  }
}

const piece = (text: string): HttpBody => ({
  contentType: 'text/csv; charset=utf-8',
  data: Buffer.from(text),
  extensions: [],
});

const timeOf = (at: number): string => new Date(at).toISOString();
