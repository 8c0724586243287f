import { describe, expect, test } from '@jest/globals';
import { spec } from '#kernel/spec.ts';
import {
  assignment,
  type Assignment,
  type AssignmentEvent,
  type AssignmentInput,
  type AssignmentRefusal,
} from './assignment.ts';
import {
  accepted,
  activated,
  admin,
  assigned,
  at,
  cancelled,
  candidate,
  dealerOf,
  far,
  full,
  location,
  lost,
  market,
  marketOf,
  midnight,
  near,
  nobody,
  none,
  order,
  repeated,
  requested,
  ways,
} from './testing/korea.ts';

const request: AssignmentInput = { type: 'RequestAssignment', order, location, customerId: 'customer', market, at };
const cancel: AssignmentInput = { type: 'CancelAssignment', order, undelivered: false };
const takeBack: AssignmentInput = { ...cancel, undelivered: true };
const accept: AssignmentInput = { type: 'AcceptAssignment', by: dealerOf('near') };
const decline: AssignmentInput = { type: 'DeclineAssignment', by: dealerOf('near'), market, at };
const activate: AssignmentInput = { type: 'ActivateAssignment', by: dealerOf('near') };
const overdue: AssignmentInput = { type: 'AnswerOverdue', market, at };
const lookAgain: AssignmentInput = { type: 'LookAgain', market, at };
const refusedCancel: AssignmentEvent = { type: 'AssignmentCancelRefused' };
const { given } = spec(assignment);

describe('an order', () => {
  test('is given to the best dealership (P4)', () => given().when(request).then(requested, assigned(near)));
  test('that no dealership has room for waits for the next day (P4)', () =>
    given()
      .when({ ...request, market: full })
      .then(requested, none(midnight)));
  test('waits for a new dealership when there is none', () =>
    given()
      .when({ ...request, market: nobody })
      .then(requested, none(null)));
  test('is accepted by its dealership (P5)', () =>
    given(...ways.assigned)
      .when(accept)
      .then(accepted));
  test('goes to the next best when its dealership declines, and not to it again (P4)', () => {
    given(...ways.assigned)
      .when(decline)
      .then(lost, assigned(far));
    const onlyNear = marketOf(candidate('near', 800));
    given(...ways.assigned)
      .when({ ...decline, market: onlyNear })
      .then(lost, none(null));
    given(...ways.assigned, lost, assigned(far))
      .when({ ...decline, by: dealerOf('far'), market: marketOf(candidate('near', 800), candidate('far', 2_000)) })
      .then(lost, none(null));
  });
  test('goes to the next best when its dealership stays silent', () =>
    given(...ways.assigned)
      .when(overdue)
      .then(lost, assigned(far)));
  test('that waits is placed as soon as there is room', () =>
    given(...ways.unassigned)
      .when(lookAgain)
      .then(assigned(near)));
  test('that looks in vain waits for another day, and says so once', () => {
    given(...ways.unassigned)
      .when({ ...lookAgain, market: full })
      .then({ type: 'WaitedInVain', again: midnight });
    given(requested, none(midnight))
      .when({ ...lookAgain, market: full })
      .thenNothing();
  });
  test('is not decided by its customer, neither as dealer nor as administrator', () => {
    const mine = [{ ...requested, customerId: dealerOf('near').userId } as AssignmentEvent, assigned(near)];
    for (const input of [accept, decline, activate]) {
      given(...mine)
        .when(input)
        .thenRefused('own-request');
      given(...ways.assigned)
        .when({ ...input, by: { userId: 'customer', admin: true } } as AssignmentInput)
        .thenRefused('own-request');
    }
  });
  test('is never looked at by another dealer', () => {
    for (const input of [accept, decline, activate]) {
      given(...ways.assigned)
        .when({ ...input, by: dealerOf('far') } as AssignmentInput)
        .thenRefused('no-such-assignment');
      given(...ways.assigned).when({ ...input, by: admin } as AssignmentInput);
    }
  });
  test('that was passed on cannot be accepted late by the previous dealership', () =>
    given(...ways.assigned, lost, assigned(far))
      .when(accept)
      .thenRefused('already-decided'));
  test('declined twice is declined once', () =>
    given(...ways.assigned, lost, assigned(far))
      .when(decline)
      .thenNothing());
});

/** What becomes of each message in each state: events, nothing, or a refusal. */
const rows: Record<Assignment['status'], Record<string, AssignmentEvent[] | AssignmentRefusal>> = {
  none: {
    request: [requested, assigned(near)],
    cancel: [cancelled],
    takeBack: [cancelled],
    accept: 'no-such-assignment',
    decline: 'no-such-assignment',
    activate: 'no-such-assignment',
    overdue: [],
    lookAgain: [],
  },
  tombstone: {
    request: [repeated],
    cancel: [cancelled],
    takeBack: [cancelled],
    accept: 'no-such-assignment',
    decline: 'no-such-assignment',
    activate: 'no-such-assignment',
    overdue: [],
    lookAgain: [],
  },
  unassigned: {
    request: [repeated],
    cancel: [cancelled],
    takeBack: [cancelled],
    accept: 'already-decided',
    decline: 'already-decided',
    activate: 'not-accepted',
    overdue: [],
    lookAgain: [assigned(near)],
  },
  assigned: {
    request: [repeated],
    cancel: [cancelled],
    takeBack: [cancelled],
    accept: [accepted],
    decline: [lost, assigned(far)],
    activate: 'not-accepted',
    overdue: [lost, assigned(far)],
    lookAgain: [],
  },
  accepted: {
    request: [repeated],
    cancel: [cancelled],
    takeBack: [cancelled],
    accept: [],
    decline: 'already-decided',
    activate: [activated],
    overdue: [],
    lookAgain: [],
  },
  activated: {
    request: [repeated],
    cancel: [refusedCancel],
    takeBack: [cancelled],
    accept: [],
    decline: 'already-decided',
    activate: [],
    overdue: [],
    lookAgain: [],
  },
  cancelled: {
    request: [repeated],
    cancel: [cancelled],
    takeBack: [cancelled],
    accept: 'already-decided',
    decline: 'already-decided',
    activate: 'not-accepted',
    overdue: [],
    lookAgain: [],
  },
};

describe.each(Object.keys(rows) as Assignment['status'][])('%s', (status) => {
  const byAdmin = {
    accept: { ...accept, by: admin },
    decline: { ...decline, by: admin },
    activate: { ...activate, by: admin },
  } as Record<string, AssignmentInput>;
  const inputs: Record<string, AssignmentInput> = { request, cancel, takeBack, overdue, lookAgain, ...byAdmin };
  test.each(Object.keys(rows[status]))('on %s', (name) => {
    const outcome = rows[status][name];
    const told = given(...ways[status]).when(inputs[name] as AssignmentInput);
    if (typeof outcome === 'string') told.thenRefused(outcome);
    else told.then(...(outcome ?? []));
  });
});

test('a cancelled order belongs to no dealership, and a late request finds the tombstone', () => {
  const after = (events: AssignmentEvent[]): Assignment => events.reduce(assignment.evolve, assignment.initial);
  for (const past of [ways.cancelled, [...ways.activated, cancelled]])
    expect(after(past)).toEqual({ status: 'cancelled', order, location, declined: [], customerId: 'customer' });
  expect(after([cancelled, repeated])).toEqual({ status: 'tombstone', order });
});
