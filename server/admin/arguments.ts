// Parses the arguments of the commands, and prints the help page of each.
import { parseArgs } from 'node:util';
import { webVersionPattern } from '@recado/contract';
import { CommandError } from './command-error.ts';

const settings = 'It uses the settings of the program: DATABASE_URL, or the embedded database in DATA_DIR.';

const pages = {
  backup: `npx recado backup [--media] [PLACE]   writes a backup, also while the program runs
npx recado backup --check FILE        verifies a whole backup, byte for byte;
                                      for a folder, the newest one in it
npx recado backup --prove FILE        restores a backup into a database of its own in DATA_DIR, compares
                                      everything, and removes it again; for a folder, the newest one in it

  PLACE     an existing folder, or a new file name ending in .gz; the current folder by default
  --media   includes the media contents, from any store

${settings} --check needs neither.
The exit code is 0 on success, and 1 if there is no backup, or if it is damaged, incomplete or not proven.`,
  restore: `npx recado restore FILE [--resume]   loads a backup into an empty database, and its media contents into the store

  --resume   keeps queued messages queued; otherwise they become unknown and are not sent again

${settings}
The exit code is 0 on success, and 1 if nothing was restored. It is 2 if the backup was restored but
needs attention: the key differs, secrets cannot be decrypted, or media contents are missing.`,
  recovered: `npx recado recovered [--resume]   after a snapshot or a point-in-time recovery, before the program starts:
                                  marks messages, linked phones, campaigns and sessions as a restore does

  --resume   keeps queued messages queued; otherwise they become unknown and are not sent again

Stop the program first. ${settings}`,
  check: `npx recado check [--json]   looks whether all parts work together, and says the first step where they do not

  --json   prints the checks as one JSON document

It asks the database, the store of files, Redis, the mail server, WhatsApp, and its own public address.
It works beside a running program, and without one. ${settings}
The exit code is 0 if all is well, 1 if there are warnings, and 2 if a check failed or none could be made.`,
  secrets: `npx recado secrets rotate   re-encrypts the database's secrets with the current SECRET_KEY
npx recado secrets check    says which key encrypts what, and when earlier keys can go

${settings} The keys are SECRET_KEY and, for earlier ones,
SECRET_KEY_PREVIOUS.`,
  media: `npx recado media check [--repair]    compares message files with their rows
npx recado media move --to STORE     moves all files to disk, s3 or cloudinary; it can be stopped and repeated

  --repair   repairs what the check finds
  --force    with --repair, also if so much is missing that a store seems not to be mounted
  --foreign  with --repair, also deletes files of workspaces that this database does not know

${settings}`,
  people: `npx recado people disable EMAIL   ends the sessions of a person and keeps the person out of every workspace
npx recado people enable EMAIL    lets the person in again

Works while the program runs. API keys that the person created still work. ${settings}`,
  workspaces: `npx recado workspaces list                list all workspaces with their owners and sizes
npx recado workspaces remove ID --yes     deletes a workspace with all its data but the audit log

  --yes   confirms the removal; without it, the command only says what it would remove

Stop the program before you remove a workspace. ${settings}`,
  'web-version': `npx recado web-version            prints the version of WhatsApp Web that Recado claims to be, and its age
npx recado web-version VERSION    uses another version, like 2.3000.1043857760

Works while the program runs: accounts that WhatsApp rejected as outdated connect again within seconds.
${settings}`,
  sandbox: `npx recado sandbox secret   prints the app secret that signs webhooks of the Sandbox

Sign the bytes of a body with it: X-Hub-Signature-256: sha256=<HMAC-SHA256 in hex>.
${settings}`,
  psql: `npx recado psql   opens psql on the database, with the tables and functions of this release

Without psql on this machine, it prints the command for one. ${settings}`,
};

export type CommandName = keyof typeof pages;

const options = {
  check: { type: 'boolean' },
  json: { type: 'boolean' },
  prove: { type: 'boolean' },
  resume: { type: 'boolean' },
  repair: { type: 'boolean' },
  force: { type: 'boolean' },
  foreign: { type: 'boolean' },
  media: { type: 'boolean' },
  to: { type: 'string' },
  yes: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** A parsed command; only `page` if help was requested. */
export type Words =
  | { page: string }
  | { command: 'backup'; page?: undefined; place: string; media: boolean; check: boolean; prove: boolean }
  | { command: 'restore'; page?: undefined; file: string; resume: boolean }
  | { command: 'recovered'; page?: undefined; resume: boolean }
  | { command: 'check'; page?: undefined; json: boolean }
  | { command: 'secrets'; page?: undefined; what: 'rotate' | 'check' }
  | { command: 'people'; page?: undefined; what: 'disable' | 'enable'; email: string }
  | { command: 'workspaces'; page?: undefined; what: 'list' }
  | { command: 'workspaces'; page?: undefined; what: 'remove'; id: string; yes: boolean }
  | { command: 'web-version'; page?: undefined; version: string | undefined }
  | { command: 'sandbox'; page?: undefined; what: 'secret' }
  | { command: 'psql'; page?: undefined }
  | {
      command: 'media';
      page?: undefined;
      what: 'check' | 'move';
      repair: boolean;
      force: boolean;
      foreign: boolean;
      to: string | undefined;
    };

/** @throws CommandError with a sentence and the command's help page */
export function readWords(words: string[]): Words {
  // Node's own errors for unknown arguments explain its quoting rules.
  const { positionals, tokens } = parseArgs({
    args: words,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const [command, file, ...others] = positionals;
  const takesTwo = command === 'people' || (command === 'workspaces' && file === 'remove');
  const [second, ...more] = takesTwo ? others : [undefined, ...others];
  const all = Object.values(pages).join('\n\n');
  const page = isCommand(command) ? pages[command] : all;
  const wrong = (what: string) => new CommandError(`${what}\n\n${page}`);
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw wrong(`Unknown option ${rawName}.`);
    if (options[name].type === 'boolean' && value !== undefined) throw wrong(`${rawName} takes no value.`);
    if (options[name].type === 'string' && (!value || (!token.inlineValue && value.startsWith('-'))))
      throw wrong(`${rawName} needs a value.`);
    given.set(name, value);
  }
  if (given.has('help')) return { page };

  if (command === undefined)
    throw wrong(
      'Name a command: backup, restore, recovered, check, secrets, media, people, workspaces, web-version, sandbox or psql.',
    );
  if (!isCommand(command)) throw wrong(`Unknown command ${command}.`);
  if (more.length > 0) throw wrong(`Unexpected argument: ${more.join(' ')}.`);
  const [check, media, resume] = [given.has('check'), given.has('media'), given.has('resume')];
  const prove = given.has('prove');
  const [repair, force, foreign] = [given.has('repair'), given.has('force'), given.has('foreign')];
  const moves = command === 'media' && file === 'move';
  if (check && command !== 'backup') throw wrong('Only backup takes --check.');
  if (prove && command !== 'backup') throw wrong('Only backup takes --prove.');
  if (prove && check) throw wrong('Use either --check or --prove: a proof checks every byte too.');
  if (media && (command !== 'backup' || check || prove))
    throw wrong('Only backup without --check and --prove takes --media.');
  if (resume && command !== 'restore' && command !== 'recovered')
    throw wrong('Only restore and recovered take --resume.');
  if (given.has('json') && command !== 'check') throw wrong('Only check takes --json.');
  if (repair && !(command === 'media' && file === 'check')) throw wrong('Only media check takes --repair.');
  if ((force || foreign) && !repair) throw wrong('Only media check --repair takes --force and --foreign.');
  if (given.has('to') && !moves) throw wrong('Only media move takes --to.');
  if (given.has('yes') && !(command === 'workspaces' && file === 'remove'))
    throw wrong('Only workspaces remove takes --yes.');
  if (moves && !given.has('to')) throw wrong('Name the target store with --to.');

  switch (command) {
    case 'backup':
      if (file === undefined && (check || prove)) throw wrong('Name the backup file.');
      return { command, place: file ?? '.', media, check, prove };
    case 'restore':
      if (file === undefined) throw wrong('Name the backup file.');
      return { command, file, resume };
    case 'recovered':
      if (file !== undefined) throw wrong(`Unexpected argument: ${file}.`);
      return { command, resume };
    case 'check':
      if (file !== undefined) throw wrong(`Unexpected argument: ${file}.`);
      return { command, json: given.has('json') };
    case 'secrets':
      if (file !== 'rotate' && file !== 'check') throw wrong('Use secrets rotate or secrets check.');
      return { command, what: file };
    case 'people':
      if (file !== 'disable' && file !== 'enable') throw wrong('Use people disable or people enable.');
      if (second === undefined) throw wrong('Name the e-mail address of the person.');
      return { command, what: file, email: second };
    case 'workspaces':
      if (file === 'list') return { command, what: file };
      if (file !== 'remove') throw wrong('Use workspaces list or workspaces remove.');
      if (second === undefined) throw wrong('Name the id of the workspace.');
      return { command, what: file, id: second, yes: given.has('yes') };
    case 'web-version':
      if (file !== undefined && !webVersionPattern.test(file)) throw wrong('Name a version like 2.3000.1043857760.');
      return { command, version: file };
    case 'sandbox':
      if (file !== 'secret') throw wrong('Use sandbox secret.');
      return { command, what: file };
    case 'psql':
      if (file !== undefined) throw wrong(`Unexpected argument: ${file}.`);
      return { command };
    case 'media':
      if (file !== 'check' && file !== 'move') throw wrong('Use media check or media move.');
      return { command, what: file, repair, force, foreign, to: given.get('to') };
  }
}

const isCommand = (word: string | undefined): word is CommandName => word !== undefined && Object.hasOwn(pages, word);

const isOption = (name: string): name is keyof typeof options => Object.hasOwn(options, name);
