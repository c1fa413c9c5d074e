import type { Words } from '../words.ts';
import common from './common.json';
import composer from './composer.json';
import contacts from './contacts.json';
import contentType from './content-type.json';
import firstRun from './first-run.json';
import imports from './imports.json';
import inbox from './inbox.json';
import link from './link.json';
import optOuts from './opt-outs.json';
import phone from './phone.json';
import queue from './queue.json';
import segments from './segments.json';
import templates from './templates.json';
import told from './told.json';
import you from './you.json';

export const texts = {
  ...common,
  ...composer,
  ...contacts,
  ...contentType,
  ...firstRun,
  ...imports,
  ...inbox,
  ...link,
  ...optOuts,
  ...phone,
  ...queue,
  ...segments,
  ...templates,
  ...told,
  ...you,
} satisfies Words;
