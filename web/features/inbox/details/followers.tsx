// Who follows a conversation, where somebody else may have it.
import { useQuery } from '@tanstack/react-query';
import { Bookmark, BookmarkX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { changeFollow, followersQuery } from '../../../data/conversation-states.ts';
import { useMe } from '../../../data/me.ts';
import { useIsTeam } from '../../../data/people.ts';
import { useFormat } from '../../../kit/format.ts';
import { useAction } from '../../../kit/use-action.ts';
import { Section } from './section.tsx';

export function Followers({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation();
  const { names } = useFormat();
  const me = useMe().person?.id;
  const isTeam = useIsTeam();
  const followers = useQuery({ ...followersQuery(conversationId), enabled: isTeam }).data?.data;
  const change = useAction(changeFollow);
  if (!isTeam || !followers || me === undefined) return null;
  const follows = followers.some(({ person_id: id }) => id === me);
  const shown = followers.map(({ person_id: id, name }) => (id === me ? t('inbox.assign.you') : name));
  return (
    <Section title={t('inbox.followers.title')}>
      <div className="flex items-center justify-between gap-3 text-13">
        <bdi className="min-w-0 wrap-anywhere">{shown.length === 0 ? t('inbox.followers.nobody') : names(shown)}</bdi>
        <Button
          size="small"
          kind="line"
          icon={follows ? BookmarkX : Bookmark}
          busy={change.isPending}
          onClick={() => change.mutate({ id: conversationId, follows: !follows })}
        >
          {t(follows ? 'inbox.followers.stop' : 'inbox.followers.follow')}
        </Button>
      </div>
    </Section>
  );
}
