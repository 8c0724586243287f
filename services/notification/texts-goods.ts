import { nothingToDo, texts, type Template } from './texts.ts';

const platform = { provider: 'platform' } as const;

/** Pre-orders of phones. */
export const preorderTexts: Readonly<Record<string, Template>> = {
  PreorderRequested: {
    ...platform,
    customer: texts(
      ['예약신청', 'Pre-order received'],
      [
        '예약판매 신청을 받았어요. 가까운 대리점을 찾고 있어요.',
        'Your pre-order is in. We are looking for a dealership near you.',
      ],
      [
        '대리점이 정해지면 알려 드릴게요. 받기 전까지 취소할 수 있어요.',
        'We tell you which dealership it is. You can cancel until you have received it.',
      ],
    ),
  },
  PreorderAssigned: {
    ...platform,
    customer: texts(
      ['대리점 배정', 'Dealership found'],
      [
        '{dealership}에 배정했어요. 대리점의 접수를 기다리고 있어요.',
        'It is assigned to {dealership}, which has yet to accept it.',
      ],
      [
        '대리점이 접수하면 알려 드릴게요. 받기 전까지 취소할 수 있어요.',
        'We tell you when it is accepted. You can cancel until you have received it.',
      ],
    ),
  },
  PreorderWaitingForDealership: {
    ...platform,
    customer: texts(
      ['대리점 대기', 'Waiting for a dealership'],
      [
        '지금은 자리가 있는 대리점이 없어요. 자리가 나는 대로 배정해 드릴게요.',
        'No dealership has room now. You get one as soon as there is.',
      ],
      [
        '휴대폰은 그대로 잡아 두었어요. 기다리는 동안에도 취소할 수 있어요.',
        'The phone stays reserved for you. You can cancel while you wait.',
      ],
    ),
  },
  PreorderAccepted: {
    ...platform,
    customer: texts(
      ['예약접수완료', 'Pre-order accepted'],
      ['{dealership}에서 예약을 접수했어요.', 'It is accepted by {dealership}.'],
      [
        '배송을 고르셨으면 출발할 때 알려 드리고, 매장에서 받으시면 대리점으로 와 주세요. 받기 전까지 취소할 수 있어요.',
        'If it is to be delivered, we tell you when it leaves; if you pick it up, please come to the dealership. You can cancel until you have received it.',
      ],
    ),
  },
  PreorderShipped: {
    ...platform,
    customer: texts(
      ['배송중', 'On its way'],
      ['휴대폰이 가는 중이에요.', 'Your phone is on its way.'],
      [
        '받으면 개통할 수 있어요. 받기 전까지 취소할 수 있어요.',
        'It is activated once you have it. You can cancel until you have received it.',
      ],
    ),
  },
  PreorderDelivered: {
    ...platform,
    customer: texts(
      ['상품도착', 'Phone received'],
      ['휴대폰을 받으셨어요. 이제 개통할 수 있어요.', 'You have your phone. It can be activated now.'],
      ['{dealership}에서 개통을 마치면 알려 드릴게요.', 'We tell you when it is activated by {dealership}.'],
    ),
  },
  PreorderActivated: {
    ...platform,
    customer: texts(
      ['개통완료', 'Activated'],
      ['개통이 끝났어요. 고마워요.', 'Your phone is activated. Thank you.'],
      ['이제 휴대폰을 쓸 수 있어요.', 'You can use it now.'],
    ),
  },
  PreorderCancelling: {
    ...platform,
    customer: texts(
      ['예약취소', 'Being cancelled'],
      ['예약을 취소하고 있어요.', 'Your pre-order is being cancelled.'],
      ['취소가 끝나면 알려 드릴게요.', 'We tell you when it is done.'],
    ),
  },
  PreorderCancelRefused: {
    ...platform,
    customer: texts(
      ['취소불가', 'Cannot be cancelled'],
      ['취소하지 못했어요. 예약은 그대로예요.', 'It was too late to cancel. The pre-order stays as it was.'],
      ['앱에서 예약 상태를 확인해 주세요.', 'Please see the pre-order in the app.'],
    ),
  },
  PreorderCancelled: {
    ...platform,
    customer: texts(
      ['예약취소완료', 'Pre-order cancelled'],
      ['예약이 취소됐어요.', 'Your pre-order is cancelled.'],
      ['원하시면 다시 예약할 수 있어요.', 'You can order again at any time.'],
    ),
  },
};

/** Rentals of water dispensers. */
export const rentalTexts: Readonly<Record<string, Template>> = {
  RentalReceived: {
    ...platform,
    customer: texts(
      ['렌탈 접수', 'Rental received'],
      ['{total} 결제가 끝나 렌탈을 접수했어요.', '{total} is paid, and your rental is received.'],
      [
        '재고를 확인해서 알려 드릴게요. 설치 전까지 취소할 수 있어요.',
        'We check the stock and tell you. You can cancel until it is installed.',
      ],
    ),
  },
  RentalBackordered: {
    ...platform,
    customer: texts(
      ['입고 대기', 'Waiting for stock'],
      ['지금은 재고가 없어 순서를 기다리고 있어요.', 'It is out of stock. You are in line.'],
      [
        '입고되면 알려 드릴게요. 기다리는 동안 취소하면 환불해 드려요.',
        'We tell you when it is in. If you cancel while you wait, you are refunded.',
      ],
    ),
  },
  RentalStockConfirmed: {
    ...platform,
    customer: texts(
      ['재고 확보', 'Reserved for you'],
      ['정수기를 확보했어요. 배송을 준비할게요.', 'A dispenser is reserved for you. The delivery is being arranged.'],
      [
        '출발하면 알려 드릴게요. 설치 전까지 취소할 수 있어요.',
        'We tell you when it leaves. You can cancel until it is installed.',
      ],
    ),
  },
  RentalDelivering: {
    ...platform,
    customer: texts(
      ['설치 출발', 'On its way'],
      ['정수기가 가는 중이에요.', 'Your dispenser is on its way.'],
      [
        '설치할 자리를 비워 주세요. 설치 전까지 취소할 수 있어요.',
        'Please make room for it. You can cancel until it is installed.',
      ],
    ),
  },
  RentalInstalled: {
    ...platform,
    customer: texts(
      ['설치 완료', 'Installed'],
      ['정수기를 설치했어요. 고마워요.', 'Your dispenser is installed. Thank you.'],
      ['이제 쓸 수 있어요. 계약 내용은 앱에서 볼 수 있어요.', 'You can use it now. The contract is in the app.'],
    ),
  },
  RentalCancelling: {
    ...platform,
    customer: texts(
      ['취소 진행', 'Being cancelled'],
      ['렌탈을 취소하고 있어요.', 'Your rental is being cancelled.'],
      ['환불까지 끝나면 알려 드릴게요.', 'We tell you when the refund is done.'],
    ),
  },
  RentalCancelRefused: {
    ...platform,
    customer: texts(
      ['취소 불가', 'Cannot be cancelled'],
      ['취소하지 못했어요. 렌탈은 그대로예요.', 'It was too late to cancel. The rental stays as it was.'],
      ['앱에서 렌탈 상태를 확인해 주세요.', 'Please see the rental in the app.'],
    ),
  },
  RentalCancelled: {
    ...platform,
    customer: texts(
      ['취소 완료', 'Rental cancelled'],
      ['렌탈이 취소됐고, 결제한 금액을 환불했어요.', 'Your rental is cancelled, and what you paid is refunded.'],
      ['환불 금액은 앱의 결제 내역에서 확인해 주세요.', 'Please see the amount among your payments in the app.'],
    ),
  },
};

/** Deliveries, of whichever order. */
export const deliveryTexts: Readonly<Record<string, Template>> = {
  DeliveryScheduled: {
    ...platform,
    customer: texts(
      ['배송준비', 'Delivery arranged'],
      ['배송을 준비하고 있어요.', 'The delivery is being arranged.'],
      ['출발하면 알려 드릴게요.', 'We tell you when it leaves.'],
    ),
  },
  DeliveryStarted: {
    ...platform,
    customer: texts(
      ['배송출발', 'Delivery started'],
      ['배송 기사가 출발했어요.', 'The courier has left.'],
      ['받을 수 있게 준비해 주세요.', 'Please be there to receive it.'],
    ),
  },
  Delivered: {
    ...platform,
    customer: texts(
      ['배송완료', 'Delivered'],
      ['배송이 끝났어요.', 'The delivery is done.'],
      ['받지 못하셨으면 고객센터에 알려 주세요.', 'If you have not received it, please tell the customer centre.'],
    ),
  },
  DeliveryCancelled: {
    ...platform,
    customer: texts(
      ['배송취소', 'Delivery cancelled'],
      ['배송이 취소됐어요.', 'The delivery is cancelled.'],
      nothingToDo,
    ),
  },
  DeliveryCancelRefused: {
    ...platform,
    customer: texts(
      ['배송취소불가', 'Delivery not cancelled'],
      ['배송은 지금 취소할 수 없어요.', 'The delivery can no longer be cancelled.'],
      ['앱에서 배송 상태를 확인해 주세요.', 'Please see the delivery in the app.'],
    ),
  },
};
