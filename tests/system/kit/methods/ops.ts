import { id, page, paged, type Methods } from './method.ts';

export const methods: Methods = {
  'OpsService.GetStatus': { may: ['admin'], by: 'admin', request: { service: 'lodging' } },
  'OpsService.ListDeadLetters': {
    may: ['admin'],
    by: 'admin',
    request: { service: 'lodging', ...paged },
    optional: page,
  },
  'OpsService.GetDeadLetter': { may: ['admin'], by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.RedriveDeadLetter': { may: ['admin'], by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.RedriveDeadLetters': {
    may: ['admin'],
    by: 'admin',
    request: { service: 'lodging', type: 'jari.property.v1.RequestStay', error: 'no such room', limit: 5 },
    optional: ['type', 'error', 'limit'],
  },
  'OpsService.DiscardDeadLetter': { may: ['admin'], by: 'admin', request: { service: 'lodging', message_id: id() } },
  'OpsService.TellAgain': {
    may: ['admin'],
    by: 'admin',
    request: { service: 'lodging', since: '2026-11-01T00:00:00Z' },
  },
  'OpsService.GetTellAgain': { may: ['admin'], by: 'admin', request: { service: 'lodging' } },
  'OpsService.RebuildProjection': { may: ['admin'], by: 'admin', request: { service: 'lodging' } },
  'OpsService.GetRebuild': { may: ['admin'], by: 'admin', request: { service: 'lodging' } },
  'OpsService.ListAudit': { may: ['admin'], by: 'admin', request: { service: 'lodging', ...paged }, optional: page },
  'OpsService.VerifyAudit': { may: ['admin'], by: 'admin', request: { service: 'lodging' } },
};
