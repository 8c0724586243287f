import { get, post } from '../rest-conformance.calls.ts';
import { times, type Contract } from './promised.ts';

const letter = {
  ...{
    messageId: 'm1',
    type: 'jari.property.v1.RequestStay',
    routingKey: 'property.RequestStay',
    source: '/lodging',
    subject: 'o1',
  },
  ...{
    correlationId: 'o1',
    causationId: 'm0',
    createTime: times.createTime,
    error: 'no such room',
    deathTime: times.updateTime,
    content: '',
    payload: '',
    payloadSize: '0',
  },
};
const rebuild = {
  ...{ id: 'b1', state: 'RUNNING', startTime: times.createTime, events: '12' },
  ...{ sources: [{ service: 'lodging', events: '0', ended: false }], waitsFor: 'rental' },
};
const act = {
  ...{ number: '7', id: 'a1', createTime: times.createTime, callerId: 'u1', roles: ['admin'], address: '203.0.113.7' },
  ...{
    method: '/jari.inventory.v1.InventoryService/RestockProduct',
    request: '{"units":3}',
    outcome: 'OK',
    reason: '',
  },
  ...{
    changes: [{ aggregate: 'product', id: 'p1', before: '{"onHand":1}', after: '{"onHand":4}' }],
    correlationId: 'r1',
    hash: 'ab12',
  },
};

const retelling = { since: times.createTime, requestTime: times.updateTime, sent: '7', unheard: '1' };

export const operations: Contract = {
  service: 'jari.ops.v1.OpsService',
  methods: {
    GetStatus: {
      answer: {
        ...{ service: 'lodging', version: '0.1.0', startTime: times.createTime },
        outbox: {
          waiting: '1',
          lag: '1.500s',
          untaken: [{ type: 'jari.property.v1.RequestStay', routingKey: 'property.RequestStay', messages: '1' }],
        },
        ...{
          retries: '0',
          timersDue: '0',
          deadLetters: '2',
          breakers: [{ callee: 'inventory', state: 'HALF_OPEN' }],
          waitsFor: '',
          inHandOverAMinute: '0',
        },
      },
      calls: [get('of a service', '/v1/ops/lodging/status', { service: 'lodging' })],
    },
    ListDeadLetters: {
      answer: { deadLetters: [letter], nextPageToken: '' },
      calls: [
        get('a page', '/v1/ops/lodging/dead-letters?page_size=2&page_token=t', {
          service: 'lodging',
          pageSize: 2,
          pageToken: 't',
        }),
      ],
    },
    GetDeadLetter: {
      answer: { ...letter, content: '{"guests":2}', payload: 'EAI=', payloadSize: '2' },
      calls: [get('by its id', '/v1/ops/lodging/dead-letters/m1', { service: 'lodging', messageId: 'm1' })],
    },
    RedriveDeadLetter: {
      answer: { ...letter, redriveTime: times.updateTime },
      calls: [
        post('by its id', '/v1/ops/lodging/dead-letters/m1:redrive', {}, { service: 'lodging', messageId: 'm1' }),
      ],
    },
    RedriveDeadLetters: {
      answer: {
        outcomes: [
          { messageId: 'm1', error: '' },
          { messageId: 'm2', error: 'no such room' },
        ],
      },
      calls: [
        post(
          'of a type',
          '/v1/ops/lodging/dead-letters:redrive',
          { type: 'jari.property.v1.RequestStay', error: 'no such', limit: 2 },
          { service: 'lodging', type: 'jari.property.v1.RequestStay', error: 'no such', limit: 2 },
        ),
      ],
    },
    DiscardDeadLetter: {
      answer: {},
      calls: [
        post('by its id', '/v1/ops/lodging/dead-letters/m1:discard', {}, { service: 'lodging', messageId: 'm1' }),
      ],
    },
    TellAgain: {
      answer: retelling,
      calls: [
        post(
          'since a time',
          '/v1/ops/lodging/outbox:tellAgain',
          { since: times.createTime },
          { service: 'lodging', since: times.createTime },
        ),
      ],
    },
    GetTellAgain: {
      answer: { ...retelling, endTime: times.updateTime },
      calls: [get('of a service', '/v1/ops/lodging/outbox:tellAgain', { service: 'lodging' })],
    },
    RebuildProjection: {
      answer: rebuild,
      calls: [post('of a service', '/v1/ops/views/projection:rebuild', {}, { service: 'views' })],
    },
    GetRebuild: {
      answer: { ...rebuild, state: 'DONE', endTime: times.updateTime, waitsFor: '' },
      calls: [get('of a service', '/v1/ops/views/projection', { service: 'views' })],
    },
    ListAudit: {
      answer: { entries: [act], nextPageToken: '' },
      calls: [
        get('a page', '/v1/ops/lodging/audit?page_size=2&page_token=t', {
          service: 'lodging',
          pageSize: 2,
          pageToken: 't',
        }),
      ],
    },
    VerifyAudit: {
      answer: { holds: false, rows: '12', brokenNumber: '7' },
      calls: [get('of a service', '/v1/ops/lodging/audit:verify', { service: 'lodging' })],
    },
  },
  refused: [],
};
