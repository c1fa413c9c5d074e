// Adding people to a campaign: a segment or list, some contacts, an import, or those of a campaign before.
import type { CampaignSource } from '@recado/client';
import type { CampaignFate } from '@recado/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field, Select } from '../../../components/field.tsx';
import { CutNote } from '../../../components/list-table.tsx';
import { startedCampaignsQuery } from '../../../data/campaigns.ts';
import { segmentsQuery } from '../../../data/segments.ts';
import { ContactPicker } from '../../contacts/index.ts';
import { useImports } from '../sources.ts';

interface Props {
  onClose: () => void;
  onAdd: (source: CampaignSource) => void;
}

/** As many as one source may name. */
const mostContacts = 1_000;

export function ContactsSourceDialog({ onClose, onAdd }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('campaigns.sourceKind.contacts')}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            kind="primary"
            impossible={chosen.size === 0 ? t('campaigns.chooseSome') : undefined}
            onClick={() => onAdd({ contact_ids: [...chosen] })}
          >
            {t('campaigns.add')}
          </Button>
        </>
      }
    >
      <ContactPicker chosen={chosen} most={mostContacts} onChange={setChosen} />
    </Dialog>
  );
}

export function SegmentSourceDialog({ onClose, onAdd }: Props) {
  const { t } = useTranslation();
  const segments = useQuery(segmentsQuery).data;
  return (
    <NamedDialog
      title={t('campaigns.sourceKind.segment')}
      label={t('campaigns.segment')}
      rows={segments}
      none={t('campaigns.noSegmentYet')}
      onClose={onClose}
      onChoose={id => onAdd({ segment_id: id })}
    />
  );
}

export function ImportSourceDialog({ onClose, onAdd }: Props) {
  const { t } = useTranslation();
  return (
    <NamedDialog
      title={t('campaigns.sourceKind.import')}
      label={t('campaigns.import')}
      rows={useImports()}
      none={t('campaigns.noImportYet')}
      onClose={onClose}
      onChoose={id => onAdd({ import_id: id })}
    />
  );
}

interface NamedProps {
  title: string;
  label: string;
  /** Undefined until they are read. */
  rows: readonly { id: string; name: string }[] | undefined;
  /** There is nothing to choose. */
  none: string;
  onClose: () => void;
  onChoose: (id: string) => void;
}

/** One of some things with names. */
function NamedDialog({ title, label, rows, none, onClose, onChoose }: NamedProps) {
  const { t } = useTranslation();
  const [id, setId] = useState('');
  const chosen = id || rows?.[0]?.id;
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            kind="primary"
            impossible={chosen === undefined ? none : undefined}
            onClick={() => chosen !== undefined && onChoose(chosen)}
          >
            {t('campaigns.add')}
          </Button>
        </>
      }
    >
      <Field label={label} hint={rows?.length === 0 && none}>
        <Select value={chosen ?? ''} onChange={({ target }) => setId(target.value)}>
          {rows?.map(each => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </Select>
      </Field>
    </Dialog>
  );
}

const fates: readonly CampaignFate[] = ['not_read', 'read', 'delivered', 'sent', 'replied', 'not_replied', 'failed'];

export function CampaignSourceDialog({ onClose, onAdd }: Props) {
  const { t } = useTranslation();
  const whole = useQuery(startedCampaignsQuery).data;
  const [id, setId] = useState('');
  const [fate, setFate] = useState<CampaignFate>('not_read');
  const campaigns = whole?.rows ?? [];
  const chosen = id || campaigns[0]?.id;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('campaigns.sourceKind.campaign')}
      footer={
        <>
          <Button kind="line" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button
            kind="primary"
            impossible={chosen === undefined ? t('campaigns.noCampaignYet') : undefined}
            onClick={() => chosen !== undefined && onAdd({ campaign_id: chosen, fate })}
          >
            {t('campaigns.add')}
          </Button>
        </>
      }
    >
      <Field label={t('campaigns.campaign')} hint={campaigns.length === 0 && whole && t('campaigns.noCampaignYet')}>
        <Select value={chosen ?? ''} onChange={({ target }) => setId(target.value)}>
          {campaigns.map(({ id: each, name }) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <CutNote whole={whole} />
      <Field label={t('campaigns.fateOf')} hint={t('campaigns.fateHint')}>
        <Select
          value={fate}
          onChange={({ target }) => setFate(fates.find(each => each === target.value) ?? 'not_read')}
        >
          {fates.map(each => (
            <option key={each} value={each}>
              {t(`campaigns.fate.${each}`)}
            </option>
          ))}
        </Select>
      </Field>
    </Dialog>
  );
}
