import { signedIn, id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'NotificationService.ListMessages': { may: signedIn, by: 'customer', request: paged, optional: page },
  'NotificationService.UpdateProfile': {
    may: signedIn,
    by: 'customer',
    request: { language: 'EN', email: 'somebody@jari.example', phone: '010-1234-5678' },
    optional: ['language', 'email', 'phone'],
  },
  'NotificationService.GetProfile': { may: signedIn, by: 'customer', request: {} },
  'NotificationService.VerifyContact': { may: signedIn, by: 'customer', request: { channel: 'PHONE', code: '123456' } },
  'NotificationService.ResendCode': { may: signedIn, by: 'customer', request: { channel: 'PHONE' } },
  'SandboxService.SetMessengerMode': {
    may: ['admin'],
    by: 'admin',
    request: { mode: 'NORMAL', delay_ms: 0 },
    optional: ['delay_ms'],
  },
  'SandboxService.ListMessengerEntries': {
    may: ['admin'],
    by: 'admin',
    request: { order_id: id() },
    optional: ['order_id'],
  },
};
