import { fakeProvider } from './fake-provider.ts';
import { providerContract } from './provider-contract.ts';

const fake = fakeProvider(() => Date.now());
providerContract('the fake', {
  provider: () => fake,
  mode: async (mode) => void (fake.mode = mode),
});
