// The settings of a campaign in words: message, people, time, and what holds it.
import type { Campaign } from '@recado/client';
import { useTranslation } from 'react-i18next';
import { Card, CardBody, CardHead, Facts } from '../../../components/surfaces.tsx';
import { useFormat } from '../../../kit/format.ts';
import { messagesOf } from '../messages.ts';
import { useSourceWords } from '../sources.ts';
import { useLocalWords } from '../words.tsx';
import { letters } from './result.tsx';

export function SettingsPart({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:gap-6 lg:grid-cols-2">
      <Card>
        <CardHead title={t('campaigns.section.message')} />
        <CardBody>
          <Message campaign={campaign} />
        </CardBody>
      </Card>
      <Card>
        <CardHead title={t('campaigns.section.when')} />
        <CardBody>
          <When campaign={campaign} />
        </CardBody>
      </Card>
    </div>
  );
}

function Message({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { share } = useFormat();
  const sourceWords = useSourceWords();
  const sources = (list: Campaign['include']) =>
    list.map(source => (
      // The words of a source are its settings.
      <bdi key={JSON.stringify(source)} className="block">
        {sourceWords(source)}
      </bdi>
    ));
  const several = campaign.variants.length > 1;
  const facts = [
    ...messagesOf(campaign).map((message, place) => {
      const part = campaign.variants[place]?.share ?? 0;
      const name = several ? `${letters[place]} · ${share(part / 100)}` : t('campaigns.section.message');
      const content = message.template ? (
        <span key={name} className="font-mono">
          {message.template.name} · {message.template.language.code}
        </span>
      ) : (
        <bdi key={name} className="whitespace-pre-wrap">
          {message.text?.body ?? message.type}
        </bdi>
      );
      return [name, content] as const;
    }),
    ...(campaign.control_share > 0 ? [[t('campaigns.nobody'), share(campaign.control_share / 100)] as const] : []),
    [
      t('campaigns.writeTo'),
      campaign.include.length === 0 ? t('campaigns.nobodyYet') : sources(campaign.include),
    ] as const,
    ...(campaign.exclude.length > 0 ? [[t('campaigns.notTo'), sources(campaign.exclude)] as const] : []),
  ];
  return <Facts facts={facts} />;
}

function When({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { number, moment, share, list } = useFormat();
  const localWords = useLocalWords();
  const { start, hours, waves, daily_share: daily, rate_per_minute: rate, caps } = campaign;
  const startWords = start.at
    ? moment(new Date(start.at)).words
    : start.local
      ? t('campaigns.when.there', { when: localWords(start.local) })
      : t('campaigns.startKind.now');
  const capWords = (['day', 'week', 'month', 'unanswered'] as const).flatMap(name => {
    const cap = caps[name];
    return cap === null ? [] : [t(`campaigns.capWords.${name}`, { count: cap })];
  });
  const facts = [
    [t('campaigns.starts'), startWords] as const,
    [t('campaigns.hours'), hours ? `${hours.from} – ${hours.until}` : t('campaigns.anyHour')] as const,
    [
      t('campaigns.waves'),
      waves ? list([...waves.sizes.map(number), t('campaigns.rest')]) : t('campaigns.allAtOnce'),
    ] as const,
    [t('campaigns.rate'), rate === null ? t('campaigns.asFast') : t('campaigns.aMinute', { count: rate })] as const,
    [t('campaigns.dailyShare'), share(daily / 100)] as const,
    [t('campaigns.caps'), capWords.length === 0 ? t('campaigns.noCaps') : list(capWords)] as const,
  ];
  return <Facts facts={facts} />;
}
