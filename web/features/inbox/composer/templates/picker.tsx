// Choosing and filling in a template: beside the text, and instead of it while the 24-hour window is closed.

import type { Account, TemplateContent } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../../../components/button.tsx';
import { CutNote } from '../../../../components/list-table.tsx';
import { Loading, Skeleton } from '../../../../components/states.tsx';
import { templatesQuery } from '../../../../data/templates.ts';
import { useErrorText } from '../../../../kit/use-error-text.ts';
import type { Offer } from '../replies/of-conversation.ts';
import { TemplateForm } from './template-form.tsx';
import { choicesOf, TemplateList } from './template-list.tsx';
import { useOfferTrouble } from './trouble.ts';

interface Props {
  account: Account;
  isWindowOpen: boolean;
  /** A saved reply that chose a template. */
  offer?: Offer | undefined;
  onTouched?: () => void;
  onSend: (content: TemplateContent) => void;
}

export function TemplatePicker({ account, offer, ...rest }: Props) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(templatesQuery(account.id));
  const failure = useErrorText(error);
  const [name, setName] = useState(offer?.template.name);
  const troubleOf = useOfferTrouble();
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
  const trouble = offer && troubleOf(data.rows, offer.template);
  const notice = trouble && (
    <p role="alert" className="flex items-start gap-1.5 border-b border-border px-3.5 py-2 text-13 text-warning">
      <TriangleAlert size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 flex-none" />
      <span>
        <bdi className="font-mono">{offer.template.name}</bdi>: {trouble}
      </span>
    </p>
  );
  if (!chosen)
    return (
      <>
        {notice}
        <Words>{t('composer.template.none')}</Words>
      </>
    );
  return (
    <>
      {notice}
      <div className="grid grid-cols-[minmax(0,1fr)] @xl:grid-cols-[224px_minmax(0,1fr)]">
        <TemplateList
          choices={choices}
          chosen={chosen.name}
          onChoose={setName}
          isAsked={rest.isWindowOpen}
          note={<CutNote whole={data} />}
        />
        <TemplateForm
          key={chosen.name}
          account={account}
          languages={chosen.languages}
          offer={trouble === '' && chosen.name === offer?.template.name ? offer : undefined}
          {...rest}
        />
      </div>
    </>
  );
}

const Words = ({ children }: { children: ReactNode }) => <p className="px-4 py-5 text-13 text-muted">{children}</p>;
