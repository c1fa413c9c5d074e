// The people of a campaign: sources that add, sources that exclude, and the count that remains.
import type { CampaignOutlook, CampaignSource } from '@recado/client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chip, Chips, Segments } from '../../../components/choose.tsx';
import { Menu, MenuItem } from '../../../components/menu.tsx';
import { Card, CardBody, CardHead } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { useTextOr } from '../../../kit/text-or.ts';
import { useSourceWords } from '../sources.ts';
import type { SectionProps } from './message-section.tsx';
import { problemsAt, useProblemWords } from './problems.ts';
import {
  CampaignSourceDialog,
  ContactsSourceDialog,
  ImportSourceDialog,
  SegmentSourceDialog,
} from './source-dialogs.tsx';

const mostSources = 10;

/** The kinds of sources, each with the dialog that chooses one. */
const dialogs = {
  segment: SegmentSourceDialog,
  contacts: ContactsSourceDialog,
  import: ImportSourceDialog,
  campaign: CampaignSourceDialog,
};
type Kind = keyof typeof dialogs;
const kinds = Object.keys(dialogs) as Kind[];

export function PeopleSection({
  draft,
  set,
  problems,
  outlook,
}: SectionProps & { outlook: CampaignOutlook | undefined }) {
  const { t } = useTranslation();
  const words = useProblemWords();
  const [problem] = problemsAt(problems, 'include');
  return (
    <Card>
      <CardHead title={`2 · ${t('campaigns.section.people')}`} />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-3">
        <Sources label={t('campaigns.writeTo')} sources={draft.include} onChange={include => set({ include })} />
        {problem && (
          <p role="alert" className="text-13 text-danger">
            {words(problem)}
          </p>
        )}
        <Sources label={t('campaigns.notTo')} sources={draft.exclude} onChange={exclude => set({ exclude })} />
        {outlook && outlook.audience > 0 && <Reasons outlook={outlook} />}
        <div className="flex flex-wrap items-center gap-3 pt-2 text-13 text-muted">
          {t('campaigns.decided')}
          <Segments
            label={t('campaigns.decided')}
            value={draft.recipients_at}
            options={[
              { value: 'start', label: t('campaigns.decidedAt.start') },
              { value: 'schedule', label: t('campaigns.decidedAt.schedule') },
            ]}
            onChange={recipients_at => set({ recipients_at })}
          />
        </div>
      </CardBody>
    </Card>
  );
}

/** The count of people at first, each reason with its minus, and the count that remains. */
function Reasons({ outlook: { audience, people, left_out: leftOut } }: { outlook: CampaignOutlook }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const { tOr } = useTextOr();
  const line = 'flex items-baseline justify-between gap-4 py-1.5 border-b border-border';
  return (
    <ul className="pt-2 text-13" aria-live="polite">
      <li className={`${line} font-strong`}>
        {t('campaigns.inThem')}
        <span className="num">{number(audience)}</span>
      </li>
      {leftOut.map(({ value, people: count }) => (
        <li key={value} className={line}>
          {tOr(`campaigns.leftOut.${value}`, value)}
          <span className="num">−{number(count)}</span>
        </li>
      ))}
      <li className="flex items-baseline justify-between gap-4 border-t border-line py-2 text-14 font-strong">
        {t('campaigns.willBeWritten')}
        <span className="num">{number(people)}</span>
      </li>
    </ul>
  );
}

interface SourcesProps {
  label: string;
  sources: readonly CampaignSource[];
  onChange: (sources: CampaignSource[]) => void;
}

function Sources({ label, sources, onChange }: SourcesProps) {
  const { t } = useTranslation();
  const words = useSourceWords();
  const [asked, ask] = useState<Kind>();
  const AddDialog = asked && dialogs[asked];
  const add = (source: CampaignSource) => {
    onChange([...sources, source]);
    ask(undefined);
  };
  return (
    <div className="grid gap-x-4 gap-y-1.5 md:grid-cols-[96px_minmax(0,1fr)]">
      <h3 className="text-13 leading-7 text-muted">{label}</h3>
      <Chips label={label}>
        {sources.map((source, place) => (
          <Chip
            key={JSON.stringify(source)}
            pressed
            removable
            title={t('campaigns.takeOff')}
            onClick={() => onChange(sources.filter((_, at) => at !== place))}
          >
            <bdi className="cut max-w-72">{words(source)}</bdi>
          </Chip>
        ))}
        {sources.length < mostSources && (
          <Menu
            label={t('campaigns.addSource')}
            trigger={
              <Chip pressed={false} adds>
                <Plus size={14} aria-hidden="true" />
                {t('campaigns.addSource')}
              </Chip>
            }
          >
            {kinds.map(kind => (
              <MenuItem key={kind} onSelect={() => ask(kind)}>
                {t(`campaigns.sourceKind.${kind}`)}
              </MenuItem>
            ))}
          </Menu>
        )}
      </Chips>
      {AddDialog && <AddDialog onClose={() => ask(undefined)} onAdd={add} />}
    </div>
  );
}
