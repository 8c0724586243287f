import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../api/api.ts';

export type Product = Schemas['inventory.Product'];
/** The kind of products of each business that offers some. */
export const kinds = { preorder: 'PHONE', rental: 'DISPENSER' } as const;
export type ProductBusiness = keyof typeof kinds;
export type Kind = (typeof kinds)[ProductBusiness];

/** What is on offer of one kind, newest first; `q` is looked for in names, options and descriptions. */
export const productsQuery = (kind: Kind, q = '') =>
  queryOptions({
    queryKey: ['products', kind, q],
    queryFn: async ({ signal }): Promise<readonly Product[]> => {
      const query = { kind, page_size: 200, ...(q && { q }) };
      return (await answered(api.GET('/v1/products', { params: { query }, signal }))).products;
    },
    placeholderData: keepPreviousData,
  });

/** One product. Others buy it meanwhile: what is left is asked for again while the page is open. */
export const productQuery = (productId: string) =>
  queryOptions({
    queryKey: ['products', 'one', productId],
    queryFn: ({ signal }): Promise<Product> =>
      answered(api.GET('/v1/products/{product_id}', { params: { path: { product_id: productId } }, signal })),
    staleTime: 5_000,
    refetchInterval: 15_000,
  });
