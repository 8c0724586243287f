import { accept } from '#kernel/decision.ts';
import { plantedSilence } from '../cancelling.ts';
import type { Planted } from '../history.ts';
import { plantedIn } from '../limited.ts';
import { asksNoMore, folds, follows, hears, noTombstone, silentWhenAskedAgain, together, wrong } from '../planting.ts';

const without = (name: string, type: string, ...when: string[]): Planted =>
  wrong(name, (of) =>
    follows(of, ({ messages = [], ...what }, event) => ({
      ...what,
      messages:
        when.length && !when.includes(event.type) ? messages : messages.filter((message) => message.type !== type),
    })),
  );

type Open = { status: string; progress: { activated: boolean; delivery: string } };

/** Something wrong in a pre-order that learns of its activation and goes on to wait for its delivery. */
const activatedEarly = (wrongly: (next: Open) => unknown): Planted =>
  wrong('preorder', (of) =>
    folds(of, 'PreorderProgressed', (state, event) => {
      const next = of.evolve(state, event) as Open;
      return next.status === 'open' && next.progress.activated ? wrongly(next) : next;
    }),
  );

const keepsWhatIsActivated = wrong('assignment', (of) =>
  hears(of, 'CancelAssignment', (state, input) => of.decide(state, { ...(input as object), undelivered: false })),
);

/** Mistakes that can be made in the cores of preorder and assignment. */
export const planted: Readonly<Record<string, Planted>> = {
  'no inbox': { noInbox: true },
  ...plantedSilence('preorder'),
  ...plantedIn('preorder', 'PreorderIntended', 'booking', 'total'),
  'an unknown outcome is taken for a refusal: stock leaks': without(
    'preorder',
    'ReleaseStock',
    'PreorderDropped',
    'AskedAgain',
  ),
  'an intention without an alarm clock: a crash leaks stock': wrong('preorder', (of) =>
    follows(of, ({ timers: _, ...what }) => what),
  ),
  'a cancellation forgets the dealership': wrong('preorder', (of) =>
    hears(of, 'DeliveryCancelled', (state: { status: string; awaiting?: string; progress: object }, input) =>
      state.status === 'cancelling' && state.awaiting === 'delivery'
        ? accept({
            type: 'PreorderPartReturned',
            progress: { ...state.progress, delivery: 'cancelled' },
            next: 'stock',
          })
        : of.decide(state, input),
    ),
  ),
  'a refusal to cancel is taken for a cancellation': wrong('preorder', (of) =>
    hears(of, 'AssignmentCancelRefused', (state, input) =>
      of.decide(state, { ...(input as object), type: 'AssignmentCancelled' }),
    ),
  ),
  'an early activation takes the cancellation away': activatedEarly(({ progress, ...next }) => ({
    ...next,
    progress: { ...progress, delivery: 'delivered' },
  })),
  'an early activation is taken for the receipt': activatedEarly((next) => ({ ...next, stage: 'activated' })),
  'a dealership keeps what it has activated, delivered or not': keepsWhatIsActivated,
  'what its dealership keeps is handed over, though its delivery was cancelled': together(
    keepsWhatIsActivated,
    wrong('preorder', (of) => ({
      ...hears(of, 'AssignmentCancelRefused', (state: Open, input) =>
        state.status === 'cancelling' && state.progress.delivery === 'cancelled'
          ? accept({
              ...{ type: 'PreorderCancelRefused', reason: 'ALREADY_ACTIVATED', progress: state.progress },
              ...{ handsOver: true, asksDelivery: false },
            })
          : of.decide(state, input),
      ),
      ...folds(of, 'PreorderCancelRefused', (state, event) => {
        const next = of.evolve(state, event) as Open;
        return next.progress.delivery === 'cancelled' ? { ...next, stage: 'activated' } : next;
      }),
    })),
  ),
  'a late assignment is believed over a newer one': wrong('preorder', (of) =>
    hears(of, 'DealershipAssigned', (state: { status: string; progress: object }, input: object) =>
      of.decide(
        state.status === 'open'
          ? { ...state, progress: { ...state.progress, accepted: false, assignmentVersion: 0 } }
          : state,
        input,
      ),
    ),
  ),
  'stock is not handed over at a pick-up': without('preorder', 'CommitStock', 'PreorderActivated', 'AskedAgain'),
  'no tombstone for an assignment': noTombstone('assignment', 'AssignmentCancelled'),
  'places without a key': wrong('assignment', (of) => follows(of, ({ claims: _, ...what }) => what)),
  'a place is not given back': wrong('assignment', (of) => follows(of, ({ releases: _, ...what }) => what)),
  'a dealership that stays silent is waited for without end': wrong('assignment', (of) =>
    follows(of, ({ timers = [], ...what }) => ({ ...what, timers: timers.filter(({ name }) => name !== 'answer') })),
  ),
  'an open pre-order does not ask again': asksNoMore('preorder', 'open'),
  'a pre-order does not ask again while it is being cancelled': asksNoMore('preorder', 'cancelling'),
  'a pre-order that was dropped does not ask again for its stock to be given back': asksNoMore('preorder', 'dropped'),
  'assignment is silent when it is asked again': silentWhenAskedAgain('assignment', 'RequestAssignment'),
};
