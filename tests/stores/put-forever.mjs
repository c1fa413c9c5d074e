// A process that puts an endless file into the given folder, and reports its first bytes.
import { register } from 'node:module';

register('../faults/load-typescript.mjs', import.meta.url);
const { diskStorage } = await import('../../server/adapters/storage/disk.ts');
const { brokenStream, contentOf, keyOf } = await import('./content.ts');
const data = contentOf(1_000_000);
const storage = await diskStorage(process.argv[2]);
const source = brokenStream(data, 500_000, () => {
  process.stdout.write('begun\n');
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
});
await storage.put(keyOf(data), source, { contentType: 'image/png' });
