// The program: reads the configuration, starts, prints where to go, and stops in order on a signal.
import { setFlagsFromString } from 'node:v8';
import { type HeldOutput, holdOutput, openLog } from '../kit/log.ts';
import { StartError } from '../kit/start-error.ts';
import { compose, type Recado } from './compose.ts';
import { loadDotEnv, readConfig } from './config/config.ts';
import { whenToldToStop } from './stop-signals.ts';
import { version } from './version.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

// Files hold messages and phone numbers: nobody else on this machine reads them.
process.umask(0o077);

// Pages of large jobs become garbage in the old space. By default V8 lets it grow to a multiple of the live objects.
setFlagsFromString('--heap-growing-percent=20');

// The output may go to a full disk or a closed pipe: neither must end the program.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** On a terminal, people first see where to go. */
let held: HeldOutput | undefined;
let running: Recado | undefined;
/** In pino's numbers. */
const warnLevel = 40;
const toldToStop = new AbortController();

async function start(): Promise<void> {
  loadDotEnv();
  const config = readConfig(process.env);
  if (process.stdout.isTTY && config.logFormat === 'auto') held = holdOutput();
  const log = held && openLog(config.logLevel, undefined, held);
  const recado = await compose(config, { stop: toldToStop.signal, ...(log && { log }) });
  running = recado;
  if (toldToStop.signal.aborted) return stop();
  void recado.broken.then(sentence => {
    if (toldToStop.signal.aborted) return;
    complain(sentence);
    process.exit(1);
  });
  say(`Recado ${version} is ready.`);
  say(`  Started in         ${process.uptime().toFixed(1)} s`);
  if (recado.url) {
    say(`  Address            ${recado.url}`);
    if (recado.setupLink) say(`  Set up (once)      ${recado.setupLink}`);
    say(`  API documentation  ${recado.url}/docs`);
  }
  if (recado.watchUrl) say(`  Metrics            ${recado.watchUrl}/metrics`);
  if (recado.simulatorUrl) say(`  Simulated phones   ${recado.simulatorUrl}/phones`);
  held?.release(warnLevel);
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

whenToldToStop(() => {
  say('Stopping. A second signal stops at once.');
  toldToStop.abort();
  if (running) void stop();
});

start().catch(error => {
  held?.release();
  // Stopped before it was ready: close what is already open.
  if (toldToStop.signal.aborted && error === toldToStop.signal.reason) return stop();
  if (error instanceof StartError) complain(error.message);
  else complain(`Recado could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(1);
});
