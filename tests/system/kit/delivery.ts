import type { Answer, Person } from './people.ts';

/** As REST prints it. */
export interface Delivery {
  id: string;
  status: string;
  address: string;
  area: string;
  courierId: string;
  handoverCode: string;
}

/** The courier takes the delivery before leaving with it, and completes it with the code that its customer sees. */
export async function bring(
  courier: Person,
  customer: Person,
  verb: 'start' | 'complete',
  id: string,
): Promise<Answer<Delivery>> {
  if (verb === 'start') {
    const taken = await courier.post<Delivery>(`/v1/deliveries/${id}:take`, {});
    return taken.status === 200 ? courier.post<Delivery>(`/v1/deliveries/${id}:start`, {}) : taken;
  }
  const { body } = await customer.get<Delivery>(`/v1/deliveries/${id}`);
  return courier.post<Delivery>(`/v1/deliveries/${id}:complete`, { code: body.handoverCode ?? '' });
}
