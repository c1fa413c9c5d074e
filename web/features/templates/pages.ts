// The pages of this feature, and what else the frame of the app needs of it.
import { LayoutTemplate } from 'lucide-react';
import { lazyPart } from '../../kit/lazy.ts';
import { page } from '../../kit/page.ts';
import { newTemplateSearch, templatesSearch } from './search.ts';

export const templatesPage = page({
  path: '/templates',
  permission: 'templates.read',
  search: templatesSearch,
  entry: { name: 'templates', icon: LayoutTemplate, hotkey: 'goTemplates' },
  component: lazyPart(() => import('./list/page.tsx'), 'TemplatesPage'),
});

export const newTemplatePage = page({
  path: '/templates/new',
  permission: 'templates.manage',
  search: newTemplateSearch,
  component: lazyPart(() => import('./edit/new-page.tsx'), 'NewTemplatePage'),
});

export const templatePage = page({
  path: '/templates/$templateId',
  permission: 'templates.read',
  component: lazyPart(() => import('./edit/page.tsx'), 'TemplatePage'),
});
