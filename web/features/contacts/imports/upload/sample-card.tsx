import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { buttonLook } from '../../../../components/button.tsx';
import { Field, Select } from '../../../../components/field.tsx';
import { CutNote } from '../../../../components/list-table.tsx';
import { Card, CardBody, CardHead } from '../../../../components/surfaces.tsx';
import { sampleOf } from '../../../../data/imports.ts';
import { useMay } from '../../../../data/me.ts';
import { allTemplatesQuery } from '../../../../data/templates.ts';
import { useLanguageName } from '../../contact/languages.ts';

/** A file with the columns of a template, to begin from. */
export function SampleCard() {
  const { t } = useTranslation();
  const languageName = useLanguageName();
  const mayRead = useMay('templates.read');
  const templates = useQuery({ ...allTemplatesQuery, enabled: mayRead });
  const [chosen, setChosen] = useState('');
  const rows = (templates.data?.rows ?? []).filter(({ deleted_at: at }) => at === null);
  return (
    <Card>
      <CardHead title={t('imports.upload.sample')}>
        <span className="text-13 text-muted max-md:hidden">{t('imports.upload.sampleWords')}</span>
      </CardHead>
      <CardBody className="flex flex-wrap items-end gap-3">
        <Field label={t('imports.upload.forTemplate')} className="min-w-0 flex-[1_1_280px] md:max-w-120">
          <Select value={chosen} onChange={({ target }) => setChosen(target.value)}>
            <option value="">{t('imports.upload.noTemplate')}</option>
            {rows.map(({ id, name, language }) => (
              <option key={id} value={id}>
                {name}, {languageName(language)}
              </option>
            ))}
          </Select>
          <CutNote whole={templates.data} />
        </Field>
        <a href={sampleOf(chosen || undefined)} download className={buttonLook('line')}>
          <Download size={16} strokeWidth={1.75} className="-ms-0.5" aria-hidden="true" />
          {t('imports.upload.download')}
        </a>
      </CardBody>
    </Card>
  );
}
