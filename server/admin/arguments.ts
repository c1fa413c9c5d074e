// Parses the arguments of the commands, and prints the help page of each.
import { parseArgs } from 'node:util';
import { CommandError } from './command-error.ts';

const settings = 'It uses the settings of the program: DATABASE_URL, or the embedded database in DATA_DIR.';

const pages = {
  backup: `npx recado backup [--media] [PLACE]   writes a backup, beside the program that runs
npx recado backup --check FILE        reads a whole backup and says whether it is one, byte for byte;
                                      of a folder the newest in it

  PLACE     a folder that is there, or the name of a new file that ends in .gz; the current folder if not given
  --media   takes the contents of media along, out of whatever store they are in

${settings} --check needs neither.`,
  restore: `npx recado restore FILE [--resume]   reads a backup into an empty database, and its contents of media into the store

  --resume   leaves what was queued in the queue; without it that becomes unknown, and is not sent again

${settings}
The exit code is 0 where all is well, and 1 where nothing was restored. It is 2 where the backup is in the database and
something is left to be done: the key is another, secrets cannot be opened, or contents of media are missing.`,
  secrets: `npx recado secrets rotate   seals what is secret in the database with the current SECRET_KEY
npx recado secrets check    says what is sealed with which key, and when the earlier ones can go

${settings} The keys are SECRET_KEY and, for the earlier ones,
SECRET_KEY_PREVIOUS.`,
  media: `npx recado media check [--repair]    compares the files of messages with the rows that know them
npx recado media move --to STORE     moves all files to disk, s3 or cloudinary; it can be stopped and begun again

  --repair   mends what the check finds
  --force    with --repair, also where so much is missing that a store seems not to be mounted
  --foreign  with --repair, removes also files of workspaces that this database does not know

${settings}`,
};

export type CommandName = keyof typeof pages;

const options = {
  check: { type: 'boolean' },
  resume: { type: 'boolean' },
  repair: { type: 'boolean' },
  force: { type: 'boolean' },
  foreign: { type: 'boolean' },
  media: { type: 'boolean' },
  to: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** A parsed command; only `page` if help was requested. */
export type Words =
  | { page: string }
  | { command: 'backup'; page?: undefined; place: string; media: boolean; check: boolean }
  | { command: 'restore'; page?: undefined; file: string; resume: boolean }
  | { command: 'secrets'; page?: undefined; what: 'rotate' | 'check' }
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
  const [command, file, ...more] = positionals;
  const all = Object.values(pages).join('\n\n');
  const page = isCommand(command) ? pages[command] : all;
  const wrong = (what: string) => new CommandError(`${what}\n\n${page}`);
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw wrong(`There is no option ${rawName}.`);
    if (options[name].type === 'boolean' && value !== undefined) throw wrong(`${rawName} takes no value.`);
    if (options[name].type === 'string' && (!value || (!token.inlineValue && value.startsWith('-'))))
      throw wrong(`${rawName} needs a value.`);
    given.set(name, value);
  }
  if (given.has('help')) return { page };

  if (command === undefined) throw wrong('Say backup, restore, secrets or media.');
  if (!isCommand(command)) throw wrong(`There is no command ${command}.`);
  if (more.length > 0) throw wrong(`There is a word too many: ${more.join(' ')}.`);
  const [check, media, resume] = [given.has('check'), given.has('media'), given.has('resume')];
  const [repair, force, foreign] = [given.has('repair'), given.has('force'), given.has('foreign')];
  const moves = command === 'media' && file === 'move';
  if (check && command !== 'backup') throw wrong('--check belongs to backup.');
  if (media && (command !== 'backup' || check)) throw wrong('--media belongs to backup, without --check.');
  if (resume && command !== 'restore') throw wrong('--resume belongs to restore.');
  if (repair && !(command === 'media' && file === 'check')) throw wrong('--repair belongs to media check.');
  if ((force || foreign) && !repair) throw wrong('--force and --foreign belong to media check --repair.');
  if (given.has('to') && !moves) throw wrong('--to belongs to media move.');
  if (moves && !given.has('to')) throw wrong('Say where to move the files, with --to.');

  switch (command) {
    case 'backup':
      if (file === undefined && check) throw wrong('Name the file of the backup.');
      return { command, place: file ?? '.', media, check };
    case 'restore':
      if (file === undefined) throw wrong('Name the file of the backup.');
      return { command, file, resume };
    case 'secrets':
      if (file !== 'rotate' && file !== 'check') throw wrong('Say secrets rotate, or secrets check.');
      return { command, what: file };
    case 'media':
      if (file !== 'check' && file !== 'move') throw wrong('Say media check or media move.');
      return { command, what: file, repair, force, foreign, to: given.get('to') };
  }
}

const isCommand = (word: string | undefined): word is CommandName => word !== undefined && Object.hasOwn(pages, word);

const isOption = (name: string): name is keyof typeof options => Object.hasOwn(options, name);
