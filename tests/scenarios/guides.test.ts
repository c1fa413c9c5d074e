// The guides: one bash runs the commands of every page as they stand, in order, as a reader pastes them.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { freePort } from '../faults/processes.ts';
import { codeOf } from '../setup/authenticator.ts';
import { startPatience, webSettings } from '../setup/linked-phones.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf } from '../setup/socket.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * The pages in the order of a reader. Each after the first message uses its variables and no others. The last one has
 * the commands for a Recado that is stopped.
 */
const pages = [
  'README.md',
  ...[
    'first-message',
    'messages',
    'contacts',
    'team',
    'notifications',
    'opt-outs',
    'templates',
    'campaigns',
    'cost',
    'media',
    'keys',
    'operators',
    'overview',
    'statistics',
    'events',
    'realtime',
    'webhooks',
    'alerts',
    'hooks',
    'developers',
    'privacy',
    'whatsapp-web',
    'whatsapp-cloud',
    'install',
    'operations',
    'backup',
    'failover',
    'capacity',
    'upgrade',
    'metrics',
    'prometheus',
    'people',
  ].map(name => `docs/guides/${name}.md`),
];
/** Its test is tests/docs/simulator-guide.test.ts: it needs no Recado. */
const elsewhere = 'docs/guides/simulator-in-ci.md';

/** The mark of blocks for a Recado that is stopped. */
const stopped = 'stopped';

/** The blocks that no test can run as they stand, by page: each fence says why. */
const leftOut = {
  'README.md': ['clone', 'clone'],
  'docs/guides/whatsapp-cloud.md': ['meta'],
  'docs/guides/install.md': ['root', 'root', 'root', 'docker', 'docker', 'docker'],
  'docs/guides/backup.md': ['docker systemd', 'root', 'systemd', 'systemd', 'docker', 'docker'],
  'docs/guides/upgrade.md': ['systemd', 'systemd', 'docker', 'docker', 'docker'],
};

interface Block {
  page: string;
  /** The line of the first command. */
  line: number;
  /** Why no test can run it. */
  needs: string | undefined;
  commands: string[];
}

function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const [index, text] of readFileSync(join(root, page), 'utf8').split('\n').entries()) {
    const fence = /^```(?:sh|bash|shell|console)(?: (.+))?$/.exec(text);
    if (fence) {
      open = { page, line: index + 2, needs: fence[1], commands: [] };
      blocks.push(open);
    } else if (text === '```') open = undefined;
    else open?.commands.push(text);
  }
  return blocks;
}

let scenario: Scenario;
let fake: FakeWhatsApp;
let place = '';
let receiverPort = 0;
/** Recado's open work: messages that leave, posts of WhatsApp, and links without their code. The demo's may wait. */
const underWay = () =>
  scenario.sql(`
    select m.state from open_message m join account on account.id = m.account_id
    where demo is null and m.state in ('queued', 'sending')
    union all select 'unread' from inbound_payload where processed_at is null
    union all select 'no code' from web_session where state = 'linking' and code is null`);
/** Does what the reader's hands do: see `hands`. */
let reader: Server;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'recado-guides-'));
  // The database of a restore runs as another user, if root runs the test.
  chmodSync(place, 0o711);
  mkdirSync(join(place, 'node_modules/@recado'), { recursive: true });
  symlinkSync(join(root, 'sdk'), join(place, 'node_modules/@recado/client'));
  receiverPort = await freePort();
  fake = await startFakeWhatsApp();
  fake.phone('+351912345678', { name: 'Lisbon' });
  scenario = await startScenario({
    owner: false,
    window: true,
    limits: true,
    env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiverPort}`, ...webSettings(fake) },
  });
  // As root, the PostgreSQL of a proof runs as another user, who has to enter.
  for (const place of [dirname(scenario.dataDir), scenario.dataDir]) chmodSync(place, 0o711);
  reader = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://reader');
    if (pathname === '/rest') {
      await scenario.simulator.webhooksIdle();
      await expect.poll(underWay, startPatience).toEqual([]);
    }
    if (pathname === '/stop') await scenario.recado.close();
    response.end(pathname === '/code' ? codeOf(searchParams.get('secret') ?? '', Date.now()) : '');
  }).listen(0, '127.0.0.1');
  await new Promise(done => reader.once('listening', done));
});

afterAll(async () => {
  reader.close();
  await scenario.close();
  await fake.close();
  rmSync(place, { recursive: true, force: true });
});

/**
 * The functions of the shell of a reader. An answer from 400 on is a failure, and is shown. `sleep` also waits until
 * Recado is at rest, as a slow machine needs longer. `read` types the setup link, or the code of the authenticator app.
 */
const hands = `
curl() {
  command curl --fail-with-body --no-progress-meter --max-time 60 "$@" | tee answer || {
    local code=$?
    [[ $code = 28 && " $* " = *' -N '* ]] && return
    echo "[curl ends with $code: $(cat answer)]" >&2
    return $code
  }
}
sleep() {
  command sleep "$1"
  command curl -s --max-time 60 "$READER/rest"
}
read() {
  case "\${!#}" in
    LINK) LINK=$SETUP_LINK ;;
    CODE) CODE=$(command curl -s "$READER/code?secret=$SECRET") ;;
    *) return 1 ;;
  esac
}
npx() { [ "$1" = recado ] && "$NODE" "$CLI" "\${@:2}"; }
npm() { [ "$*" = 'run demo' ] && npx recado demo; }
`;

/** Each shell names the command that failed, and leaves no program behind. */
const traps = [
  // Within a function, the line of its call.
  `trap 'd=\${#BASH_LINENO[@]}; [ "$d" -gt 1 ] && l=\${BASH_LINENO[d-2]} || l=$LINENO; echo "script.sh: line $l: failed" >&2' ERR`,
  `trap 'kill $(jobs -p) 2>/dev/null || true' EXIT`,
].join('; ');

/** Runs a script and tells what it printed; a line of it that failed is named by its place on the page. */
async function run(script: string, places: Map<number, string>): Promise<string> {
  writeFileSync(join(place, 'script.sh'), script);
  const { PATH } = process.env;
  const { simulator, recado, env } = scenario;
  const bash = spawn('bash', ['-Eeuo', 'pipefail', 'script.sh'], {
    cwd: place,
    env: {
      ...env,
      PATH,
      HOME: place,
      NODE: process.execPath,
      CLI: join(root, 'cli/bin/recado.mjs'),
      READER: `http://127.0.0.1:${(reader.address() as AddressInfo).port}`,
      SETUP_LINK: recado.setupLink,
      RECADO_URL: `http://127.0.0.1:${portOf(scenario)}`,
      SIMULATOR_URL: simulator.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 580_000,
  });
  let said = '';
  for (const stream of [bash.stdout, bash.stderr])
    stream.on('data', data => {
      said += data;
    });
  const code = await new Promise(done => bash.once('close', done));
  const named = said.replaceAll(/script\.sh: line (\d+)/g, (all, line) => places.get(Number(line)) ?? all);
  // The end of it has the failure; the whole is long.
  expect(code, named.slice(-4000)).toBe(0);
  return named;
}

test('each guide is run here or elsewhere, and the blocks left out are these', () => {
  const guides = readdirSync(join(root, 'docs/guides')).map(name => `docs/guides/${name}`);
  expect([...pages, elsewhere].sort()).toEqual(['README.md', ...guides].sort());
  const needs = pages.map(
    page =>
      [
        page,
        blocksOf(page)
          .flatMap(({ needs }) => needs ?? [])
          .filter(each => each !== stopped),
      ] as const,
  );
  expect(Object.fromEntries(needs.filter(([, reasons]) => reasons.length > 0))).toEqual(leftOut);
});

test('the commands of the guides work as they stand, in the order of the pages', { timeout: 600_000 }, async () => {
  const places = new Map<number, string>();
  const lines = hands.split('\n');
  let commands = 0;
  for (const page of pages) {
    const isFirst = page.endsWith('first-message.md');
    // Each page has a shell of its own, so that it uses no variable of another page than the first message.
    lines.push(isFirst ? '' : '(', traps);
    lines.push(`echo "[${page} begins after $SECONDS s]"`);
    const blocks = blocksOf(page);
    const add = (block: Block) => {
      commands++;
      for (const [index, command] of block.commands.entries()) {
        lines.push(command);
        places.set(lines.length, `${page}:${block.line + index}`);
      }
    };
    blocks.filter(({ needs }) => needs === undefined).forEach(add);
    if (page !== pages.at(-1)) expect(blocks.map(({ needs }) => needs)).not.toContain(stopped);
    else {
      lines.push('command curl -s "$READER/stop"');
      blocks.filter(({ needs }) => needs === stopped).forEach(add);
    }
    lines.push(isFirst ? 'trap - ERR' : ')');
  }
  expect(commands).toBeGreaterThan(70);
  const said = await run(
    lines
      .join('\n')
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${portOf(scenario)}`)
      .replaceAll('http://127.0.0.1:3001', scenario.simulator.url)
      .replaceAll('4000', String(receiverPort)),
    places,
  );
  // The output that the pages promise to a reader.
  expect(said).toMatch(/"sent":2,"received":1,/);
  expect(said).toContain('"accepted":1,"rejected":1');
  expect(said).toContain('"method":"pairing_code"');
  expect(said).toContain('webhook message.received Is Thursday free?');
  expect(said).toContain('webhook endpoint.test');
  expect(said).toContain('delivery message.received ');
  expect(said).toMatch(/^page 2 (true|false)$/m);
  for (const way of ['stream', 'poll'])
    expect(said).toMatch(new RegExp(`^${way} message\\.received evt_\\w{26}$`, 'm'));
});
