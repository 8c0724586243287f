import { signedIn, id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'PaymentService.GetPayment': { may: signedIn, by: 'guest', request: { order_id: id() } },
  'PaymentService.ListPayments': {
    may: signedIn,
    by: 'guest',
    request: { status: 'PENDING', ...paged },
    optional: ['status', ...page],
  },
  'PaymentService.RetryPayment': {
    may: signedIn,
    by: 'guest',
    request: { order_id: id(), payment_method_id: id() },
    optional: ['payment_method_id'],
  },
  'PaymentMethodService.ListPaymentMethods': { may: signedIn, by: 'guest', request: {} },
  'PaymentMethodService.CreatePaymentMethod': { may: signedIn, by: 'guest', request: { token: 'tok_visa' } },
  'PaymentMethodService.DeletePaymentMethod': { may: signedIn, by: 'guest', request: { payment_method_id: id() } },
  'PaymentMethodService.SetDefaultPaymentMethod': { may: signedIn, by: 'guest', request: { payment_method_id: id() } },
  'SandboxService.SetPaymentProviderMode': {
    may: ['admin'],
    by: 'admin',
    request: { mode: 'NORMAL', delay_ms: 0 },
    optional: ['delay_ms'],
  },
  'SandboxService.ListLedgerEntries': {
    may: ['admin'],
    by: 'admin',
    request: { order_id: id() },
    optional: ['order_id'],
  },
  'PaymentService.Pay': { may: ['service'] },
  'PaymentService.FindPayment': { may: ['service'] },
  'PaymentMethodService.CheckPaymentMethod': { may: ['service'] },
};
