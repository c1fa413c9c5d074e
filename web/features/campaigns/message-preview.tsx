// The message that one person of a campaign gets, and when it leaves or why it does not.
import type { TemplateContent } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { TemplatePreview } from '../../components/message/template-preview.tsx';
import { shapeOf } from '../../components/message/template-shape.ts';
import type { campaignPreviewQuery } from '../../data/campaigns.ts';
import { templatesQuery } from '../../data/templates.ts';
import { useFormat } from '../../kit/format.ts';
import { useTextOr } from '../../kit/text-or.ts';
import { valuesIn } from './edit/template-message.ts';

export function MessagePreview({
  preview,
  accountId,
}: {
  preview: Awaited<ReturnType<NonNullable<ReturnType<typeof campaignPreviewQuery>['queryFn']>>>;
  accountId: string | undefined;
}) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const { tOr } = useTextOr();
  const templates = useQuery({ ...templatesQuery(accountId ?? ''), enabled: accountId !== undefined }).data?.rows;
  const content = contentIn(preview.content);
  const template =
    content && templates?.find(({ name, language }) => name === content.name && language === content.language.code);
  return (
    <div className="grid gap-3" aria-live="polite">
      {template && content ? (
        <TemplatePreview theirs shape={shapeOf(template)} values={valuesIn(content, template)} header={undefined} />
      ) : (
        preview.text !== null && (
          <figure aria-label={t('campaigns.preview')} className="msg mt-0! max-w-full!">
            <div dir="auto" className="bubble max-w-100 text-14! whitespace-pre-wrap">
              {preview.text}
            </div>
          </figure>
        )
      )}
      {preview.problem !== null && (
        <p role="alert" lang="en" dir="ltr" className="text-13 text-danger">
          {preview.problem}
        </p>
      )}
      <p className="text-13 text-muted">
        <bdi>{preview.name ?? t('inbox.nameless')}</bdi>
        {' · '}
        {preview.reason !== null
          ? tOr(`campaigns.leftOut.${preview.reason}`, preview.reason)
          : preview.due_at !== null && t('campaigns.leavesAt', { when: moment(new Date(preview.due_at)).words })}
      </p>
    </div>
  );
}

/** The template in the content of a preview; undefined for other content. */
function contentIn(content: Record<string, unknown> | null): TemplateContent | undefined {
  return content?.type === 'template' ? (content.template as TemplateContent) : undefined;
}
