// `npx recado <command>`: the commands that need the database or its settings. Each loads only what it uses.
import { join, resolve } from 'node:path';
import type pg from 'pg';
import { loadDotEnv, readConfig } from '../app/config/config.ts';
import { keptSecretKey } from '../app/config/secret-key.ts';
import { hasCluster } from '../app/database/embedded-postgres/index.ts';
import { joinFoundation, openFoundation } from '../app/database/open.ts';
import { whenToldToStop } from '../app/stop-signals.ts';
import type { OpenedStores } from '../app/storage.ts';
import { version } from '../app/version.ts';
import type { RunResult } from '../features/backups/index.ts';
import { packageRoot } from '../kit/os/package-root.ts';
import { reasonOf, StartError } from '../kit/start-error.ts';
import { readWords } from './arguments.ts';
import type { BackupHeader } from './backup-header.ts';
import { sourceOf, targetOf } from './backup-path.ts';
import { CommandError } from './command-error.ts';
import type { MediaCommand } from './media.ts';
import { progressOf, sizeOf } from './progress.ts';

const restoredWithWarnings = 2;
const noneChecked = 2;

const say = (line: string) => process.stdout.write(`${line}\n`);
const tell = (line: string) => process.stderr.write(`${line}\n`);
const log = { info: tell, warn: tell };
const stopping = new AbortController();
/** Printed when the command ends with an unexpected error. */
let leftBehind = 'Nothing was left or changed.';
/** The exit code of an unexpected error. */
let failureCode = 1;
const goesOn = 'Run it again to continue.';

// Files hold messages and phone numbers: nobody else on this machine reads them.
process.umask(0o077);

async function main(): Promise<void> {
  const words = readWords(process.argv.slice(2));
  if (words.page !== undefined) return void say(words.page);
  if (words.command === 'backup' && words.check) return checkFile(words.place);
  loadDotEnv();
  switch (words.command) {
    case 'backup':
      return words.prove ? proveFile(words.place) : backupTo(words.place, words.media);
    case 'restore':
      return restoreFrom(words.file, words.resume);
    case 'recovered':
      return markRecovered(words.resume);
    case 'check':
      failureCode = noneChecked;
      return checkAll(words.json);
    case 'secrets':
      leftBehind = goesOn;
      return words.what === 'rotate' ? rotate() : tellKeys();
    case 'media':
      leftBehind = goesOn;
      return checkOrMove(words);
    case 'people':
      return withConnection(async connection => {
        const { peopleCommand } = await import('./people.ts');
        say(await peopleCommand(connection, words.what, words.email));
      });
    case 'workspaces':
      return words.what === 'list' ? withConnection(listWorkspaces) : removeOne(words.id, words.yes);
    case 'web-version':
      return withConnection(async connection => {
        const { webVersionCommand } = await import('./web-version.ts');
        say(await webVersionCommand(connection, words.version, configuredVersion()));
      });
    case 'sandbox':
      return void say(await sandboxSecret());
    case 'psql':
      return withConnection(openPsql);
  }
}

async function checkFile(file: string): Promise<void> {
  const { checkBackup } = await import('./backup-reader.ts');
  const path = await sourceOf(resolve(file));
  const { header, contents, broken } = await checkBackup(
    path,
    read => progressOf('checked', read, tell),
    stopping.signal,
  );
  say(`${path} is whole: ${summaryOf(header, contents, broken.size)}.`);
}

async function backupTo(place: string, media: boolean): Promise<void> {
  const [{ backUp }, { openUsedStores }, { backedUpResult, recordRun }] = await Promise.all([
    import('./backup.ts'),
    import('./media.ts'),
    import('./run-result.ts'),
  ]);
  const began = new Date();
  const path = resolve(await targetOf(place, began));
  const config = readConfig(process.env);
  const foundation = await joinFoundation(config, log, stopping.signal);
  try {
    const stores = media ? await openUsedStores(config, foundation) : undefined;
    const made = await backUp({
      ...foundation,
      version,
      path,
      dataDir: config.databaseUrl ? undefined : config.dataDir,
      stores,
      progress: read => progressOf('saved', read, tell),
      tell,
      signal: stopping.signal,
    }).finally(() => stores?.close());
    const { header, bytes, contents, broken, missed } = made;
    const result = backedUpResult(made, Date.now() - began.getTime());
    await recordRun(foundation.connection, { kind: 'backup', file: path, began, result }, tell);
    say(`${path} is written, ${sizeOf(bytes)}: ${summaryOf(header, contents, broken)}.`);
    // So that a script does not delete earlier backups after this one.
    if (missed > 0)
      throw new CommandError(
        `${missed} media contents are missing or damaged in their stores, so this backup lacks them: keep the earlier backups. Check the folder or bucket and take another backup. If they are lost for good, npx recado media check --repair marks them, and later backups succeed.`,
      );
  } finally {
    await foundation.close();
  }
}

/** Proves a backup, also on a machine without a database of Recado: then nobody records it. */
async function proveFile(place: string): Promise<void> {
  const [{ prove, provenWords }, { provenResult, recordRun }] = await Promise.all([
    import('./prove.ts'),
    import('./run-result.ts'),
  ]);
  const began = new Date();
  const config = readConfig(process.env);
  const file = await sourceOf(resolve(place));
  const hasDatabase = config.databaseUrl !== undefined || (await hasCluster(config.dataDir));
  const foundation = hasDatabase ? await joinFoundation(config, log, stopping.signal) : undefined;
  const { secretKey, earlierKeys } = foundation ?? {
    secretKey: config.secretKey,
    earlierKeys: config.earlierSecretKeys,
  };
  const record = async (result: RunResult) =>
    foundation && recordRun(foundation.connection, { kind: 'proof', file, began, result }, tell);
  try {
    const proven = await prove({
      path: file,
      secretKey: secretKey ?? '',
      earlierKeys,
      dataDir: config.dataDir,
      progress: (verb, read) => progressOf(verb, read, tell),
      say: tell,
      log,
      signal: stopping.signal,
    });
    const result = provenResult({ ...proven, sameKey: proven.sameKey || secretKey === undefined });
    if (result.error !== undefined) throw new CommandError(`${file}: ${result.error}`);
    await record(result);
    say(provenWords(file, proven));
  } catch (error) {
    if (error instanceof CommandError) await record({ error: error.message });
    throw error;
  } finally {
    await foundation?.close();
  }
}

async function checkAll(json: boolean): Promise<void> {
  const { checkInstallation, exitCodes, linesOf } = await import('./check.ts');
  const checked = await checkInstallation(readConfig(process.env), log, stopping.signal);
  for (const line of json ? [JSON.stringify(checked, null, 2)] : linesOf(checked)) say(line);
  process.exitCode = exitCodes[checked.state];
}

async function restoreFrom(file: string, resume: boolean): Promise<void> {
  const [{ restore }, { checkSecrets }, { sayMissing }, { openStores }] = await Promise.all([
    import('./restore.ts'),
    import('./secrets.ts'),
    import('./media.ts'),
    import('../app/storage.ts'),
  ]);
  leftBehind =
    'The database is unchanged. Media contents already in the store stay there, and the next run skips them.';
  const config = readConfig(process.env);
  const foundation = await openFoundation(config, log, stopping.signal);
  let stores: OpenedStores | undefined;
  try {
    stores = await openStores(config);
    const { header, migrated, unknown, held, sameKey, placed } = await restore({
      ...foundation,
      path: resolve(file),
      migrations: join(packageRoot, 'migrations'),
      resume,
      stores,
      progress: (verb, read) => progressOf(verb, read, tell),
      say: tell,
      signal: stopping.signal,
    });
    leftBehind = `${file} is restored.`;
    failureCode = restoredWithWarnings;
    if (!sameKey)
      tell(
        'Warning: the backup was made with a different SECRET_KEY. What that key signed or encrypted does not work with this one. Use the old key before you start Recado (with the embedded database, put it into DATA_DIR/secret-key).',
      );
    if (migrated.length > 0) tell(`The schema was migrated to this version: ${migrated.join(', ')}.`);
    say(
      `${file} is restored: ${summaryOf(header)}. ${unknown} messages became unknown${held > 0 ? `, and ${held} earlier unknown messages wait for you` : ''}.`,
    );
    if (placed)
      say(`${placed.put} media contents were put into ${stores.current}; ${placed.there} were already there.`);
    // Also with the backup's key: texts encrypted with an earlier key may not be re-encrypted yet.
    const { lost } = await checkSecrets({ ...foundation, say: tell, signal: stopping.signal });
    if (lost > 0)
      tell(
        `Warning: no given key decrypts ${lost} secrets in it. Without their key, second factors cannot be checked and stored responses cannot be repeated. Set it in SECRET_KEY_PREVIOUS before you start Recado, and run npx recado secrets check.`,
      );
    const missing = await sayMissing(foundation, stores, tell, stopping.signal);
    if (missing) say(missing.said);
    if (!sameKey || lost > 0 || missing?.good === false) process.exitCode = restoredWithWarnings;
  } finally {
    await stores?.close();
    await foundation.close();
  }
}

/** Not beside a running Recado: with the embedded database, its lock says so. */
async function markRecovered(resume: boolean): Promise<void> {
  const { recovered } = await import('./recovered.ts');
  const foundation = await openFoundation(readConfig(process.env), log, stopping.signal);
  try {
    const { connection } = foundation;
    const { unknown, held, campaigns } = await recovered({
      connection,
      migrations: join(packageRoot, 'migrations'),
      resume,
      tell,
    });
    say(
      `The database is marked as recovered: ${unknown} messages became unknown, ${held} earlier unknown messages and ${campaigns} campaigns wait for you, and people log in again.`,
    );
  } finally {
    await foundation.close();
  }
}

async function rotate(): Promise<void> {
  const { rotateSecrets } = await import('./secrets.ts');
  const foundation = await joinFoundation(readConfig(process.env), log, stopping.signal);
  try {
    const { encrypted, current, lost } = await rotateSecrets({ ...foundation, say: tell, signal: stopping.signal });
    say(`Re-encrypted ${encrypted} secrets with SECRET_KEY; ${current} already used it.`);
    if (lost > 0)
      throw new CommandError(
        `No given key decrypts ${lost} secrets: set their key in SECRET_KEY_PREVIOUS, and run this again.`,
      );
  } finally {
    await foundation.close();
  }
}

async function tellKeys(): Promise<void> {
  const { checkSecrets } = await import('./secrets.ts');
  const foundation = await joinFoundation(readConfig(process.env), log, stopping.signal);
  try {
    const { keys, behind, lost } = await checkSecrets({ ...foundation, say: tell, signal: stopping.signal });
    for (const { name, count } of keys) say(`${name}: ${count} secrets`);
    if (lost > 0) throw new CommandError(`No given key decrypts ${lost} secrets.`);
    say(
      behind > 0
        ? 'The earlier keys are still needed: run npx recado secrets rotate.'
        : foundation.earlierKeys.length > 0
          ? 'Remove SECRET_KEY_PREVIOUS 15 minutes after every process has the current SECRET_KEY.'
          : 'SECRET_KEY encrypts all secrets.',
    );
  } finally {
    await foundation.close();
  }
}

async function checkOrMove(words: MediaCommand): Promise<void> {
  const { mediaCommand } = await import('./media.ts');
  say(await mediaCommand(readConfig(process.env), words, tell, stopping.signal));
}

/** Runs `work` on the database of a running Recado, or starts the embedded one meanwhile. */
async function withConnection(work: (connection: pg.ClientConfig) => Promise<unknown>): Promise<void> {
  const foundation = await joinFoundation(readConfig(process.env), log, stopping.signal);
  try {
    await work(foundation.connection);
  } finally {
    await foundation.close();
  }
}

async function listWorkspaces(connection: pg.ClientConfig): Promise<void> {
  const { workspaceLines } = await import('./workspaces.ts');
  for (const line of await workspaceLines({ connection, signal: stopping.signal })) say(line);
}

/** Not beside a running Recado: with the embedded database, its lock says so. */
async function removeOne(words: string, confirmed: boolean): Promise<void> {
  const { readWorkspaceId, removeWorkspace } = await import('./workspaces.ts');
  const id = readWorkspaceId(words);
  const foundation = await openFoundation(readConfig(process.env), log, stopping.signal);
  try {
    const { connection } = foundation;
    say(await removeWorkspace({ connection, signal: stopping.signal }, id, confirmed));
  } finally {
    await foundation.close();
  }
}

function configuredVersion(): string {
  const { whatsAppWeb } = readConfig(process.env);
  if (!whatsAppWeb) throw new CommandError('WhatsApp Web is off: set WHATSAPP_WEB=on.');
  return whatsAppWeb.version;
}

async function sandboxSecret(): Promise<string> {
  const { simulator, secretKey, dataDir } = readConfig(process.env);
  if (!simulator) throw new CommandError('The simulator is off, so there is no Sandbox: set SIMULATOR=on.');
  const { sandboxSecrets } = await import('../app/sandbox/simulator-process.ts');
  const given = 'url' in simulator ? simulator.secrets : undefined;
  return (given ?? sandboxSecrets(secretKey ?? (await keptSecretKey(dataDir, false)))).appSecret;
}

async function openPsql(connection: pg.ClientConfig): Promise<void> {
  const { psqlLine, runPsql } = await import('./psql.ts');
  const code = await runPsql(connection, process.env);
  if (code !== undefined) process.exitCode = code;
  else say(`psql is not installed. Install postgresql-client, or run where it is: ${psqlLine(connection)}`);
}

function summaryOf({ created_at, recado, tables, media }: BackupHeader, contents?: number, broken = 0): string {
  const rows = (name: string) => tables.find(table => table.name === name)?.rows ?? 0;
  const all = tables.reduce((sum, table) => sum + table.rows, 0);
  const listed = media
    ? contents !== undefined
      ? `, with ${contents} contents of media${broken > 0 ? `; ${broken} more were missing or damaged in their stores` : ''}`
      : ''
    : rows('media_content') > 0
      ? `; ${rows('media_content')} media contents are listed but not included (--media includes them)`
      : '';
  return `taken ${created_at} by Recado ${recado}, ${all} rows in ${tables.length} tables, including ${rows('message')} messages, ${rows('contact')} contacts, ${rows('account')} accounts${listed}`;
}

// psql handles Ctrl-C itself.
if (process.argv[2] !== 'psql') whenToldToStop(() => stopping.abort());

main().then(
  () => process.exit(),
  (error: unknown) => {
    // An error of the command itself matters even if it was also told to stop.
    if (error instanceof CommandError) tell(error.message);
    else if (stopping.signal.aborted) tell(`Stopped. ${leftBehind}`);
    else tell(error instanceof StartError ? error.message : sentenceOf(error));
    process.exit(failureCode);
  },
);

/** The text of the database or the system, if we have nothing better. */
function sentenceOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (error instanceof Error && (code !== undefined || /^Connection terminated/.test(error.message)))
    return `The command failed: ${reasonOf(error)}${code ? ` (${code})` : ''}. ${leftBehind}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
