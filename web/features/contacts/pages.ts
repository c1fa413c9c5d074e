// The pages of this feature, and what else the frame of the app needs of it.
import { Users } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { contactSearch } from './contact/search.ts';
import { importSearch } from './imports/search.ts';
import { contactsSearch } from './list/search.ts';

export const contactsPage = page({
  path: '/contacts',
  permission: 'contacts.read',
  search: contactsSearch,
  entry: { name: 'contacts', icon: Users, hotkey: 'goContacts' },
  component: lazyPart(() => import('./list/page.tsx'), 'ContactsPage'),
});

export const contactPage = page({
  path: '/contacts/$contactId',
  permission: 'contacts.read',
  search: contactSearch,
  component: lazyPart(() => import('./contact/page.tsx'), 'ContactPage'),
});

export const importsPage = page({
  path: '/contacts/imports',
  permission: 'contacts.import',
  component: lazyPart(() => import('./imports/list/page.tsx'), 'ImportsPage'),
});

export const uploadPage = page({
  path: '/contacts/import',
  permission: 'contacts.import',
  component: lazyPart(() => import('./imports/upload/page.tsx'), 'UploadPage'),
});

export const importPage = page({
  path: '/contacts/import/$importId',
  permission: 'contacts.import',
  search: importSearch,
  component: lazyPart(() => import('./imports/one/page.tsx'), 'ImportPage'),
});

export const fieldsPage = page({
  path: '/settings/fields',
  permission: 'contacts.configure',
  tab: 'fields',
  component: lazyPart(() => import('./settings/page.tsx'), 'FieldsPage'),
});
