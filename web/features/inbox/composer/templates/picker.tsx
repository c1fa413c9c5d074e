// Choosing and filling in a template: beside the text, and instead of it while the 24-hour window is closed.

import type { Account, TemplateContent } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../../components/button.tsx';
import { CutNote } from '../../../../components/list-table.tsx';
import { Loading, Skeleton } from '../../../../components/states.tsx';
import { templatesQuery } from '../../../../data/templates.ts';
import { useErrorText } from '../../../../kit/use-error-text.ts';
import { TemplateForm } from './template-form.tsx';
import { choicesOf, TemplateList } from './template-list.tsx';

interface Props {
  account: Account;
  isWindowOpen: boolean;
  onTouched?: () => void;
  onSend: (content: TemplateContent) => void;
}

export function TemplatePicker({ account, ...rest }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(templatesQuery(account.id));
  const failure = useErrorText(error);
  const [name, setName] = useState<string>();
  if (error && !data)
    return (
      <Words>
        {t('composer.template.failed')} {failure}{' '}
        <LinkButton onClick={() => void refetch()}>{t('action.tryAgain')}</LinkButton>
      </Words>
    );
  if (!data)
    return (
      <Loading>
        <div className="grid gap-3 px-4 py-5">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="h-3 w-64" />
          <Skeleton className="h-3 w-52" />
        </div>
      </Loading>
    );
  const choices = choicesOf(data.rows);
  const chosen = choices.find(choice => choice.name === name) ?? choices[0];
  if (!chosen) return <Words>{t('composer.template.none')}</Words>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] @xl:grid-cols-[224px_minmax(0,1fr)]">
      <TemplateList
        choices={choices}
        chosen={chosen.name}
        onChoose={setName}
        isAsked={rest.isWindowOpen}
        note={<CutNote whole={data} />}
      />
      <TemplateForm key={chosen.name} account={account} languages={chosen.languages} {...rest} />
    </div>
  );
}

const Words = ({ children }: { children: ReactNode }) => <p className="px-4 py-5 text-13 text-muted">{children}</p>;
