import { signedIn, id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'PayoutService.ListPayouts': {
    may: signedIn,
    by: 'seller',
    request: { status: 'PENDING', ...paged },
    optional: ['status', ...page],
  },
  'PayoutService.ApprovePayout': { may: ['admin'], by: 'admin', request: { order_id: id() } },
  'PayoutService.GetPayoutAccount': { may: signedIn, by: 'nobody-yet:seller', request: {} },
  'PayoutService.PutPayoutAccount': {
    may: signedIn,
    by: 'seller',
    request: { bank: 'Bank', number: '123-456', holder: 'Kim' },
  },
  'PayoutService.GetStatement': { may: signedIn, by: 'seller', request: paged, optional: page },
  'PayoutService.ExportStatement': { may: signedIn, by: 'seller', request: {} },
  'SandboxService.SetBankMode': {
    may: ['admin'],
    by: 'admin',
    request: { mode: 'NORMAL', delay_ms: 0 },
    optional: ['delay_ms'],
  },
  'SandboxService.ListBankEntries': {
    may: ['admin'],
    by: 'admin',
    request: { order_id: id() },
    optional: ['order_id'],
  },
};
