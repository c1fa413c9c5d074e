// The pages of this feature, and what else the frame of the app needs of it.
import { withTexts } from '../../kit/language.ts';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { auditSearch } from './search.ts';

export const auditPage = page({
  path: '/settings/audit',
  permission: 'audit.read',
  search: auditSearch,
  tab: 'audit',
  component: lazyPart(() => withTexts('settings', import('./page.tsx')), 'AuditPage'),
});
