import { krw } from '#kernel/money.ts';
import { changesOf, given } from '#adapters/rpc/changes.ts';
import { fromProto } from '#adapters/rpc/money.ts';
import type { Money } from '#proto/google/type/money.ts';
import {
  Product_Kind,
  type CreateProductRequest,
  type UpdateProductRequest,
} from '#proto/jari/inventory/v1/inventory.ts';
import { noOptions, type ProductChange, type Terms } from '../product.ts';

export const kinds: Record<Product_Kind, Terms['kind'] | undefined> = {
  [Product_Kind.KIND_UNSPECIFIED]: undefined,
  [Product_Kind.PHONE]: 'PHONE',
  [Product_Kind.DISPENSER]: 'DISPENSER',
};

/** An absent amount is 0. */
const amount = (money: Money | undefined) => (money ? fromProto(money) : krw(0));

/** What a request to put a product on sale offers. */
export const termsIn = (request: CreateProductRequest): Terms => {
  const { name, description, photos, family, options = noOptions } = request;
  return {
    ...{ name, description, photos, family, options },
    kind: kinds[request.kind] ?? 'PHONE',
    price: amount(request.price),
    monthlyFee: amount(request.monthlyFee),
    deposit: amount(request.deposit),
  };
};

/** What a request to change a product asks for. */
export const changesIn = (request: UpdateProductRequest): ProductChange['changes'] =>
  changesOf<ProductChange['changes']>(
    request.updateMask,
    'a product',
    {
      name: given(request.name, (name) => ({ name })),
      price: given(request.price, (price) => ({ price: fromProto(price) })),
      monthly_fee: given(request.monthlyFee, (fee) => ({ monthlyFee: fromProto(fee) })),
      deposit: given(request.deposit, (deposit) => ({ deposit: fromProto(deposit) })),
      description: given(request.description, (description) => ({ description })),
      family: given(request.family, (family) => ({ family })),
      options: given(request.options, (options) => ({ options })),
    },
    { photos: { photos: request.photos } },
  );
