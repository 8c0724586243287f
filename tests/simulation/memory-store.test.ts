import { storeContract } from '#adapters/mikro-orm/contract.ts';
import { emptyDisk, memoryStore } from './memory-store.ts';

storeContract("the simulation's store", async () => {
  const disk = emptyDisk();
  return {
    store: memoryStore(disk, Date.now),
    sentAbout: async (id) =>
      disk.log.filter(({ message }) => message.subject === id).map(({ message }) => message.body),
    keptAnswer: async ({ caller, method, key }) => disk.keys.get(`${caller} ${method} ${key}`)?.response,
    close: async () => undefined,
  };
});
