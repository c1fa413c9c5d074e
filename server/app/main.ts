// The program: reads the configuration, starts, says where to go, and stops in order when it is told to.
import { StartError } from '../kit/start-error.ts';
import { compose, type Recado } from './compose.ts';
import { loadDotEnv, readConfig } from './config.ts';
import { version } from './version.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

/** A signal repeated within this time is the same one: a terminal sends it to npm too, which passes it on. */
const sameSignalMs = 1_000;

// What is said may lie on a full disk, or nobody listens any more: neither is a reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let running: Recado | undefined;
let toldToStopAt: number | undefined;
const toldToStop = new AbortController();

async function start(): Promise<void> {
  loadDotEnv();
  const recado = await compose(readConfig(process.env), { stop: toldToStop.signal });
  running = recado;
  if (toldToStopAt !== undefined) return stop();
  void recado.broken.then(sentence => {
    if (toldToStopAt !== undefined) return;
    complain(sentence);
    process.exit(1);
  });
  say(`Recado ${version} is ready.`);
  if (recado.url) {
    say(`  Address            ${recado.url}`);
    if (recado.setupLink) say(`  Set up (once)      ${recado.setupLink}`);
    say(`  API documentation  ${recado.url}/docs`);
  }
  if (recado.watchUrl) say(`  Metrics            ${recado.watchUrl}/metrics`);
  if (recado.simulatorUrl) say(`  Simulated phones   ${recado.simulatorUrl}/phones`);
}

async function stop(): Promise<void> {
  try {
    await running?.close();
    say('Recado has stopped.');
    process.exit(0);
  } catch (error) {
    complain(`Recado did not stop cleanly: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    const now = performance.now();
    if (toldToStopAt === undefined) {
      toldToStopAt = now;
      say('Stopping. A second signal stops at once.');
      toldToStop.abort();
      if (running) void stop();
    } else if (now - toldToStopAt > sameSignalMs) process.exit(1);
  });

start().catch(error => {
  // Before it was ready: what was open by then is closed.
  if (toldToStop.signal.aborted && error === toldToStop.signal.reason) return stop();
  if (error instanceof StartError) complain(error.message);
  else complain(`Recado could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
});
