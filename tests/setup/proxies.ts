// The proxies of the guide "Install", as the guide configures them. CI must have each of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../server/app/config/find-program.ts';
import { freePort } from '../faults/processes.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/install.md'), 'utf8');

/** The first block of the guide behind a line that begins with this text. */
function blockAfter(text: string): string {
  const block = new RegExp(`^${text}.*\\n\\n\`\`\`\\w*\\n([^]*?)^\`\`\``, 'm').exec(guide)?.[1];
  if (!block) throw new Error(`the guide has no block behind "${text}"`);
  return block;
}

/** Replaces a text that the block must have. */
function put(block: string, from: string, to: string): string {
  if (!block.includes(from)) throw new Error(`the guide's block has no "${from}"`);
  return block.replaceAll(from, to);
}

interface Place {
  folder: string;
  /** The port of Recado. */
  to: number;
  port: number;
}

const ours = '127.0.0.1:3000';

const kinds = {
  nginx: {
    configure: ({ folder, to, port }: Place) => `pid ${folder}/pid;
      error_log stderr error;
      events {}
      http {
        access_log off;
        client_body_temp_path ${folder}/body;
        proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/fastcgi;
        uwsgi_temp_path ${folder}/uwsgi;
        scgi_temp_path ${folder}/scgi;
        server {
          listen 127.0.0.1:${port};
          ${put(blockAfter('nginx,'), ours, `127.0.0.1:${to}`)}
        }
      }`,
    words: (file: string) => ['-c', file, '-g', 'daemon off; master_process off;'],
  },
  caddy: {
    configure: ({ to, port }: Place) => {
      const site = put(blockAfter('Caddy:'), 'recado.example.com', `http://127.0.0.1:${port}`);
      return `{\n\tadmin off\n}\n${put(site, ours, `127.0.0.1:${to}`)}`;
    },
    words: (file: string) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
  haproxy: {
    configure: ({ to, port }: Place) => {
      const block = put(blockAfter('HAProxy:'), ':443 ssl crt /etc/haproxy/recado.pem', `127.0.0.1:${port}`);
      return put(block, ours, `127.0.0.1:${to}`);
    },
    words: (file: string) => ['-db', '-f', file],
  },
};

export type ProxyKind = keyof typeof kinds;

const programOf = (kind: ProxyKind) => findProgram(kind, `${process.env.PATH}:/usr/sbin`);

/** The proxies that this machine has. */
export const proxyKinds = (Object.keys(kinds) as ProxyKind[]).filter(kind => {
  const isHere = programOf(kind) !== undefined;
  if (!isHere && process.env.CI) throw new Error(`${kind} was not found, and CI runs every test: install it`);
  return isHere;
});

/** Starts a proxy in front of a port, on a free port of loopback. It may not answer yet. */
export async function startProxy(kind: ProxyKind, to: number): Promise<{ url: string; close(): Promise<void> }> {
  const program = programOf(kind);
  if (!program) throw new Error(`${kind} was not found`);
  const folder = mkdtempSync(join(tmpdir(), `recado-${kind}-`));
  const port = await freePort();
  const file = join(folder, 'configuration');
  mkdirSync(join(folder, 'home'));
  writeFileSync(file, kinds[kind].configure({ folder, to, port }));
  const child = spawn(program, kinds[kind].words(file), {
    stdio: ['ignore', 'ignore', process.env.SCENARIO_LOG ? 'inherit' : 'ignore'],
    env: { ...process.env, HOME: join(folder, 'home'), XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
  });
  const gone = once(child, 'exit');
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
