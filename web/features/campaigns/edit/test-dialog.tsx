// Sends the message to a few people. It does not count for the campaign.
import type { Campaign, CampaignTest } from '@recado/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { testCampaign } from '../../../data/campaigns.ts';
import { contactsOfQuery } from '../../../data/contacts.ts';
import { useAction } from '../../../kit/use-action.ts';
import { ContactPicker } from '../../contacts/index.ts';
import { useContactName } from '../../inbox/index.ts';

/** As many as one test may have. */
const mostPeople = 5;

interface Props {
  campaign: Campaign;
  variant: number;
  onClose: () => void;
}

export function TestDialog({ campaign: { id }, variant, onClose }: Props) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [outcome, setOutcome] = useState<CampaignTest>();
  const test = useAction({ ...testCampaign, onDone: (answer: CampaignTest) => setOutcome(answer) });
  const send = () => test.mutate({ id, contact_ids: [...chosen], variant });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('campaigns.testTitle')}
      footer={
        outcome ? (
          <Button kind="primary" onClick={onClose}>
            {t('action.done')}
          </Button>
        ) : (
          <>
            <Button kind="line" onClick={onClose}>
              {t('action.cancel')}
            </Button>
            <Button
              kind="primary"
              busy={test.isPending}
              impossible={chosen.size === 0 ? t('campaigns.chooseSome') : undefined}
              onClick={send}
            >
              {t('campaigns.sendTest', { count: Math.max(1, chosen.size) })}
            </Button>
          </>
        )
      }
    >
      {outcome ? (
        <Outcome outcome={outcome} />
      ) : (
        <>
          <p>{t('campaigns.testWords')}</p>
          <ContactPicker chosen={chosen} most={mostPeople} onChange={setChosen} />
        </>
      )}
    </Dialog>
  );
}

function Outcome({ outcome: { messages } }: { outcome: CampaignTest }) {
  const { t } = useTranslation();
  const people = useQuery(contactsOfQuery(messages)).data;
  const nameOf = useContactName();
  return (
    <ul className="grid gap-2 text-text">
      {messages.map(({ contact_id: id, message_id: messageId, problem }) => {
        const person = people?.get(id);
        return (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <bdi>{person ? nameOf(person) : id}</bdi>
            {messageId === null ? (
              <span lang="en" dir="ltr" className="text-13 text-danger">
                {problem}
              </span>
            ) : (
              <Link to="/messages/$messageId" params={{ messageId }} className="link text-13">
                {t('campaigns.testSent')}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}
