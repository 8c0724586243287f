import { deepStrictEqual } from 'node:assert';
import { statusWord } from '#adapters/bus/status-word.ts';
import { orderUpdates } from '../../../services/views/adapters/messages.ts';
import { orderView, type OrderUpdate, type OrderView } from '../../../services/views/order-view.ts';
import type { Evidence } from './business.ts';
import { acceptedIds, told, wishes } from './journal.ts';

// What is promised of every order, whatever the business.

/** An accepted order exists, once, with the messages that it begins with. */
export function nothingLost(all: Evidence, beginsWith: readonly string[]): string[] {
  const sent = new Set(all.messages.map(({ subject, type }) => `${subject} ${type}`));
  const wrong: string[] = [];
  for (const account of wishes(all.journal)) {
    const ids = acceptedIds(account);
    if (ids.length > 1) wrong.push(`one key, two orders: ${ids.join(' and ')}`);
    for (const id of ids) {
      if (!all.orders.has(id)) wrong.push(`accepted and lost: ${id}`);
      for (const type of beginsWith)
        if (!sent.has(`${id} ${type}`)) wrong.push(`accepted without its message ${type}: ${id}`);
    }
  }
  // What the client never learned of may have been done; anything beyond that was done twice.
  const known = new Set(told(all.journal));
  const untold = [...all.orders.keys()].filter((id) => !known.has(id));
  const unknown = wishes(all.journal).filter(
    ({ outcomes }) => !outcomes.some(({ outcome }) => outcome.is !== 'unknown'),
  );
  if (untold.length > unknown.length)
    wrong.push(
      `${untold.length} orders that nobody was told of, with ${unknown.length} calls unanswered: ${untold.join()}`,
    );
  return wrong;
}

export function readModel(all: Evidence): string[] {
  const rebuilt = new Map<string, OrderView>();
  for (const message of all.messages) {
    if (message.kind !== 'event') continue;
    for (const { of, id, input } of orderUpdates(message)) {
      if (of.name !== orderView.name) continue; // a line of the timeline
      const before = rebuilt.get(id) ?? orderView.initial;
      const decision = orderView.decide(before, input as OrderUpdate);
      rebuilt.set(id, decision.accepted ? decision.events.reduce(orderView.evolve, before) : before);
    }
  }
  const wrong = [...rebuilt].flatMap(([id, view]) =>
    isSame(view, all.views.get(id)?.state) ? [] : [`the log says otherwise: ${id}`],
  );
  for (const [id, { version, status }] of all.orders) {
    const head = all.views.get(id)?.state.head;
    const shown = statusWord(status);
    // Its inner changes are not told: the version shown may be older, never the status.
    if (head?.status !== shown || head.version > version)
      wrong.push(`its core says ${shown} (${version}), the view ${head?.status} (${head?.version}): ${id}`);
  }
  return wrong;
}

function isSame(one: object, other: object | undefined): boolean {
  try {
    deepStrictEqual(JSON.parse(JSON.stringify(one)), other);
    return true;
  } catch {
    return false;
  }
}
