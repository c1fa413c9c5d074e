// The languages of a template: each is reviewed by itself.
import type { Template } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TabLinks, tabLook } from '../../../components/choose.tsx';
import { useMay } from '../../../data/me.ts';
import { allTemplatesQuery } from '../../../data/templates.ts';
import { templateLook } from '../../../words/template.ts';
import { useLanguageName } from './languages.ts';

export function LanguageTabs({ template }: { template: Template }) {
  const { t } = useTranslation();
  const nameOf = useLanguageName();
  const mayManage = useMay('templates.manage');
  const all = useQuery(allTemplatesQuery).data?.rows ?? [template];
  const languages = all
    .filter(
      ({ name, business_account_id: business, deleted_at }) =>
        name === template.name && business === template.business_account_id && deleted_at === null,
    )
    .sort((a, b) => (a.language < b.language ? -1 : 1));
  return (
    <TabLinks label={t('templates.languages')}>
      {languages.map(({ id, language, status }) => {
        const { tone, icon: Icon } = templateLook(status);
        return (
          <Link
            key={id}
            to="/templates/$templateId"
            params={{ templateId: id }}
            aria-current={id === template.id ? 'page' : undefined}
            className={tabLook}
          >
            {status !== 'APPROVED' && <Icon size={14} className={`text-${tone}`} aria-hidden="true" />}
            {nameOf(language)} <span className="font-normal text-faint">{language}</span>
          </Link>
        );
      })}
      {mayManage && (
        <Link to="/templates/new" search={{ from: template.id }} className={tabLook}>
          <Plus size={16} strokeWidth={1.75} aria-hidden="true" />
          {t('templates.addLanguage')}
        </Link>
      )}
    </TabLinks>
  );
}
