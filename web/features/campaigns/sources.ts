// Sources of people, in words.
import type { CampaignSource, Import } from '@recado/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { startedCampaignsQuery } from '../../data/campaigns.ts';
import { importsQuery } from '../../data/imports.ts';
import { useMay } from '../../data/me.ts';
import { segmentsQuery } from '../../data/segments.ts';

/** The newest imports that ended, which have people. */
export function useImports(): readonly Import[] {
  const may = useMay('contacts.import');
  const rows = useInfiniteQuery({ ...importsQuery, enabled: may }).data?.rows ?? [];
  return rows.filter(({ state }) => state === 'finished');
}

/** A column of a file that a campaign may say. */
export interface KeptColumn {
  key: string;
  name: string;
}

/** The columns that the imports among these sources keep for campaigns. */
export function useKeptColumns(sources: readonly CampaignSource[]): readonly KeptColumn[] {
  const ids = new Set(sources.map(({ import_id: id }) => id));
  const kept = useImports()
    .filter(({ id }) => ids.has(id))
    .flatMap(({ columns }) => columns.flatMap(({ key, name }) => (key === null ? [] : [{ key, name: name || key }])));
  return [...new Map(kept.map(column => [column.key, column])).values()];
}

/** The name of a source: "4 chosen contacts", "Book fair: not read". */
export function useSourceWords(): (source: CampaignSource) => string {
  const { t } = useTranslation();
  const campaigns = useQuery(startedCampaignsQuery).data?.rows ?? [];
  const segments = useQuery(segmentsQuery).data ?? [];
  const imports = useImports();
  const nameIn = (rows: readonly { id: string; name: string }[], id: string, fallback: string) =>
    rows.find(row => row.id === id)?.name ?? fallback;
  return ({ contact_ids: contacts, segment_id: segment, import_id: file, campaign_id: campaign, fate }) => {
    if (contacts) return t('campaigns.source.contacts', { count: contacts.length });
    if (segment) return nameIn(segments, segment, t('campaigns.segment'));
    if (file) return t('campaigns.source.import', { name: nameIn(imports, file, t('campaigns.import')) });
    const name = nameIn(campaigns, campaign ?? '', t('campaigns.campaign'));
    return fate ? t('campaigns.source.campaign', { name, fate: t(`campaigns.fate.${fate}`) }) : name;
  };
}
