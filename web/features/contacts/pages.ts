// The pages of this feature, and what else the frame of the app needs of it.
import { Users } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { contactSearch } from './contact/search.ts';
import { importSearch } from './imports/search.ts';
import { contactsSearch } from './list/search.ts';
import { segmentsSearch } from './segments/search.ts';

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

export const segmentsPage = page({
  path: '/contacts/segments',
  permission: 'contacts.read',
  search: segmentsSearch,
  component: lazyPart(() => import('./segments/list-page.tsx'), 'SegmentsPage'),
});

export const newSegmentPage = page({
  path: '/contacts/segments/new',
  permission: 'contacts.manage',
  component: lazyPart(() => import('./segments/page.tsx'), 'NewSegmentPage'),
});

export const segmentPage = page({
  path: '/contacts/segments/$segmentId',
  permission: 'contacts.read',
  component: lazyPart(() => import('./segments/page.tsx'), 'SegmentPage'),
});

export const fieldsPage = page({
  path: '/settings/fields',
  permission: 'contacts.configure',
  tab: 'fields',
  component: lazyPart(() => import('./settings/page.tsx'), 'FieldsPage'),
});
