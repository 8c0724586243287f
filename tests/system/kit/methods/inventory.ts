import { anyone, id, won, page, paged, listed, type Methods } from './method.ts';

const options = { colour: 'Mint', storage: '256 GB', size: '6 L' };
const inOptions = ['options', 'options.colour', 'options.storage', 'options.size'];

export const methods: Methods = {
  'InventoryService.CreateProduct': {
    may: ['admin'],
    by: 'admin',
    request: {
      name: 'Dispenser',
      kind: 'DISPENSER',
      price: won('0'),
      monthly_fee: won('1000'),
      deposit: won('0'),
      on_hand: 1,
      ...{ description: 'Words', photos: [id()], family: 'Spring', options },
    },
    optional: [
      ...[...listed, 'family', ...inOptions],
      'price',
      'price.units',
      'price.nanos',
      'monthly_fee.nanos',
      'deposit',
      'deposit.units',
      'deposit.nanos',
      'on_hand',
    ],
  },
  'InventoryService.UpdateProduct': {
    may: ['admin'],
    by: 'admin',
    request: {
      ...{ product_id: id(), name: 'Dispenser', price: won('1000'), monthly_fee: won('1000'), deposit: won('1000') },
      ...{ description: 'Words', photos: [id()], family: 'Spring', options, confirm_price: true, update_mask: 'name' },
    },
    optional: [
      ...['price', 'monthly_fee', 'deposit'].flatMap((amount) => [amount, `${amount}.units`, `${amount}.nanos`]),
      ...[...listed, 'family', ...inOptions, 'confirm_price', 'update_mask'],
    ],
  },
  'InventoryService.CloseProduct': { may: ['admin'], by: 'admin', request: { product_id: id() } },
  'InventoryService.ReopenProduct': { may: ['admin'], by: 'admin', request: { product_id: id() } },
  'InventoryService.ListProducts': {
    may: anyone,
    by: 'admin',
    request: { kind: 'DISPENSER', ...paged, q: 'spring' },
    optional: ['kind', ...page, 'q'],
  },
  'InventoryService.GetProduct': { may: anyone, by: 'admin', request: { product_id: id() } },
  'InventoryService.RestockProduct': { may: ['admin'], by: 'admin', request: { product_id: id(), quantity: 1 } },
  'InventoryService.AdjustProduct': {
    may: ['admin'],
    by: 'admin',
    request: { product_id: id(), on_hand: 1, text: 'counted' },
    optional: ['text'],
  },
  'InventoryService.ReserveStock': { may: ['service'] },
};
