import { krw } from '#kernel/money.ts';
import { invalid } from '#adapters/grpc/errors.ts';
import { toProto } from '#adapters/grpc/money.ts';
import * as proto from '#proto/jari/payout/v1/payout.ts';
import type { Entry, Statements } from '../ports.ts';

const defaultSize = 50;
/** A spreadsheet holds about as many lines. */
const mostLines = 1_000_000;

/** A page of it, newest first. A page token says at which entry the page before it ended. */
export async function statementPage(
  statements: Statements,
  payeeId: string,
  { pageSize, pageToken }: { pageSize: number; pageToken: string },
): Promise<proto.Statement> {
  const size = pageSize || defaultSize;
  const [balance, found] = await Promise.all([
    statements.balance(payeeId),
    statements.entries(payeeId, { size: size + 1, before: pageToken ? entryNumber(pageToken) : undefined }),
  ]);
  const entries = found.slice(0, size);
  return {
    entries: entries.map(toEntry),
    balance: toProto(krw(balance)),
    nextPageToken: found.length > size ? Buffer.from(`entry ${entries.at(-1)?.number}`).toString('base64url') : '',
  };
}

function entryNumber(pageToken: string): number {
  const [, number] = /^entry (\d{1,15})$/.exec(Buffer.from(pageToken, 'base64url').toString('utf8')) ?? [];
  if (!number) throw invalid({ field: 'page_token', description: 'is not a token that a list answered with' });
  return Number(number);
}

const toEntry = ({ at, type, orderId, amount, balance }: Entry): proto.StatementEntry => ({
  time: new Date(at),
  type: proto.StatementEntry_Type[type],
  orderId,
  amount: toProto(krw(amount)),
  balance: toProto(krw(balance)),
});

/** The whole of it as CSV (RFC 4180), oldest first. No field needs quotes: there are only words, numbers and ids. */
export async function statementFile(statements: Statements, payeeId: string): Promise<proto.StatementFile> {
  const entries = (await statements.entries(payeeId, { size: mostLines })).reverse();
  const lines = entries.map(({ at, type, orderId, amount, balance }) => [new Date(at).toISOString(), type, orderId, amount, balance, 'KRW']);
  const csv = [['time', 'type', 'order_id', 'amount', 'balance', 'currency'], ...lines].map((line) => `${line.join()}\r\n`).join('');
  return { fileName: `statement-${payeeId}.csv`, csv };
}
