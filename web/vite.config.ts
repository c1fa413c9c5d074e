import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';

const compressible = /\.(js|css|html|svg)$/;

/** Writes each file compressed too, once it is complete, so that the server compresses nothing. */
const compressed = (): Plugin => ({
  name: 'recado-compressed',
  apply: 'build',
  async writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter(each => compressible.test(each))) {
      const path = join(dir, name);
      const bytes = await readFile(path);
      await writeFile(`${path}.br`, brotliCompressSync(bytes));
      await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    }
  },
});

/** Bundles the service worker into one file, at an address that stays: browsers ask for it at each visit. */
const serviceWorker = (): Plugin => ({
  name: 'recado-service-worker',
  apply: 'build',
  async generateBundle() {
    const made = await build({
      configFile: false,
      logLevel: 'error',
      publicDir: false,
      resolve,
      build: {
        write: false,
        target: 'baseline-widely-available',
        rolldownOptions: { input: join(import.meta.dirname, 'worker/service-worker.ts'), output: { format: 'iife' } },
      },
    });
    const [output] = [made].flat();
    if (!output || !('output' in output)) throw new Error('the service worker was not bundled');
    this.emitFile({ type: 'asset', fileName: 'sw.js', source: output.output[0].code });
  },
});

/** Workspaces lead to their sources, so that only what is used of them is in the bundle. */
const resolve = { conditions: ['recado-source', 'module', 'browser', 'development|production'] };

/** Where `npm start` serves the API. */
const server = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), tailwindcss(), serviceWorker(), compressed()],
  resolve,
  build: {
    target: 'baseline-widely-available',
    // A file within the page would need a policy that allows inline code.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // first-load.test.ts adds up what the inbox loads.
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file each, with all that it needs: many small ones compress badly.
          groups: [
            { name: 'app', tags: ['$initial'], priority: 2 },
            { name: 'inbox', test: /features\/inbox\/page\.tsx$/, priority: 1 },
            { name: 'icons', test: /lucide-react\/.*\/icons\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': server, '/media': server, '/openapi.json': server, '/docs': server } },
});
