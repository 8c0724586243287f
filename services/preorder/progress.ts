/** How a phone comes to its customer. */
export type Fulfilment = 'DELIVERY' | 'PICKUP';

export interface Dealership {
  id: string;
  name: string;
}

/**
 * What has happened to a pre-order so far, as the capabilities told it, late and in any order: facts are only ever added, so it ends
 * the same. Where the pre-order stands follows from them.
 */
export interface Progress {
  /** Version of the last answer of assignment. */
  assignmentVersion: number;
  /** `none`: no dealership has capacity. */
  dealership: Dealership | 'none' | null;
  accepted: boolean;
  delivery: 'not-asked' | 'asked' | 'started' | 'delivered' | 'cancelled';
  activated: boolean;
  /** Inventory was sent the command to commit. */
  handedOver: boolean;
  /** Inventory has said so; absent in rows of earlier versions. */
  isCommitted?: boolean;
}

export type Fact =
  | { type: 'DealershipAssigned' | 'AssignmentAccepted'; version: number; dealership: Dealership }
  | { type: 'NoDealership'; version: number }
  | { type: 'Activated' | 'StockCommitted' }
  | { type: 'DeliveryStarted' | 'Delivered' };

export type Stage =
  | 'requested'
  | 'assigned'
  | 'waiting-dealership'
  | 'accepted'
  | 'shipped'
  | 'delivered'
  | 'activated';

export const justRequested: Progress = {
  assignmentVersion: 0,
  dealership: null,
  accepted: false,
  delivery: 'not-asked',
  activated: false,
  handedOver: false,
};

export function stageOf(progress: Progress, fulfilment: Fulfilment): Stage {
  const { activated, delivery, accepted, dealership } = progress;
  if (activated && isReceived(progress, fulfilment)) return 'activated';
  if (delivery === 'delivered') return 'delivered';
  if (delivery === 'started') return 'shipped';
  if (accepted) return 'accepted';
  if (dealership === 'none') return 'waiting-dealership';
  return dealership ? 'assigned' : 'requested';
}

/** Who owes an answer: only these are asked again. */
export function unanswered(progress: Progress, fulfilment: Fulfilment): ('assignment' | 'delivery' | 'stock')[] {
  const { accepted, delivery, activated, handedOver, isCommitted } = progress;
  if (!accepted) return ['assignment'];
  const isUnderWay = delivery === 'asked' || delivery === 'started';
  return [
    ...(isUnderWay ? ['delivery' as const] : []),
    ...(!activated && isActivatedNext(progress, fulfilment) ? ['assignment' as const] : []),
    ...(handedOver && !isCommitted ? ['stock' as const] : []),
  ];
}

/** The customer has the phone. It is activated at the pick-up; of what is delivered, an activation says nothing: dealers may be early. */
export const isReceived = ({ activated, delivery }: Progress, fulfilment: Fulfilment): boolean =>
  fulfilment === 'PICKUP' ? activated : delivery === 'delivered';

/** Only the activation is missing. */
const isActivatedNext = (progress: Progress, fulfilment: Fulfilment): boolean =>
  fulfilment === 'PICKUP' || isReceived(progress, fulfilment);

const owesStock = (progress: Progress, fulfilment: Fulfilment): boolean =>
  !progress.handedOver && ['shipped', 'delivered', 'activated'].includes(stageOf(progress, fulfilment));

const owesDelivery = ({ accepted, delivery }: Progress, fulfilment: Fulfilment): boolean =>
  fulfilment === 'DELIVERY' && accepted && delivery === 'not-asked';

/** A step forward, and what is asked for with it: that the phone leaves the shelf, and that it be delivered. */
export interface Step {
  progress: Progress;
  handsOver: boolean;
  asksDelivery: boolean;
}

export const stepTo = (progress: Progress, fulfilment: Fulfilment): Step => ({
  progress,
  handsOver: owesStock(progress, fulfilment),
  asksDelivery: owesDelivery(progress, fulfilment),
});

export const taken = ({ progress, handsOver, asksDelivery }: Step): Progress => ({
  ...progress,
  delivery: asksDelivery ? 'asked' : progress.delivery,
  handedOver: progress.handedOver || handsOver,
});

export function learned(progress: Progress, fact: Fact): Progress {
  switch (fact.type) {
    case 'DealershipAssigned':
      return isNews(progress, fact)
        ? { ...progress, assignmentVersion: fact.version, dealership: fact.dealership }
        : progress;
    case 'NoDealership':
      return isNews(progress, fact) ? { ...progress, assignmentVersion: fact.version, dealership: 'none' } : progress;
    case 'AssignmentAccepted':
      return isNews(progress, fact)
        ? { ...progress, assignmentVersion: fact.version, dealership: fact.dealership, accepted: true }
        : progress;
    case 'Activated':
      return progress.activated ? progress : { ...progress, activated: true };
    case 'StockCommitted':
      return progress.isCommitted || !progress.handedOver ? progress : { ...progress, isCommitted: true };
    case 'DeliveryStarted':
      return progress.delivery === 'not-asked' || progress.delivery === 'asked'
        ? { ...progress, delivery: 'started' }
        : progress;
    case 'Delivered':
      return progress.delivery === 'delivered' || progress.delivery === 'cancelled'
        ? progress
        : { ...progress, delivery: 'delivered' };
  }
}

/** What a dealership has taken it keeps. */
const isNews = ({ assignmentVersion, accepted }: Progress, { version }: { version: number }): boolean =>
  !accepted && version > assignmentVersion;
