// The settings that are different from those of the last approval.
import type { CampaignApproval, CampaignMessage } from '@recado/client';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead, Facts } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';

type Changes = NonNullable<CampaignApproval['changes']>;

export function ChangesCard({ changes: { by, at, fields } }: { changes: Changes }) {
  const { t } = useTranslation();
  const { when } = useFormat();
  const { tOr } = useTextOr();
  const facts = fields.map(({ field, before, after }): readonly [string, ReactNode] => {
    const [was, is] = [wordsOf(field, before), wordsOf(field, after)];
    const value =
      was === undefined || is === undefined || was === is ? (
        t('campaigns.approval.other')
      ) : (
        <>
          <s className="text-muted">
            <bdi>{was}</bdi>
          </s>{' '}
          <mark>
            <bdi>{is}</bdi>
          </mark>
        </>
      );
    return [tOr(`campaigns.approval.field.${field}`, field), value];
  });
  return (
    <Card>
      <CardHead title={t('campaigns.approval.changed')}>
        <span className="text-13 text-muted">
          {t('campaigns.approval.since', { name: by?.name ?? t('campaigns.somebody'), when: when(at) })}
        </span>
      </CardHead>
      <CardBody>
        <Facts facts={facts} />
      </CardBody>
    </Card>
  );
}

/** A value as people read it; undefined for one that is not a text or a number. */
function wordsOf(field: string, value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (field !== 'variants' || !Array.isArray(value)) return undefined;
  return value
    .map(({ message }: { message: CampaignMessage }) => message.template?.name ?? message.text?.body ?? message.type)
    .join(' · ');
}
