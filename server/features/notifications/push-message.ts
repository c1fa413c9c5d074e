// What a browser is told, for its service worker, which has the words: names and texts only as far as the person wants them
// shown.
import type { PushItem, PushLanguage, PushMessage } from '@recado/contract';
import { mostPushBytes } from '../../kit/crypto/web-push.ts';
import { presenterFor } from '../../kit/http/masking.ts';
import { toId } from '../../kit/ids.ts';
import { gistOf, presentNotification, type SettingRow } from './notification.ts';
import type { PushedRow } from './push-store.ts';

/** Of more conversations than these at once only their number is told. */
const mostItems = 4;

/** The message about news, with the ids of all that is unread: what else the browser shows is taken back. */
export function pushMessage(
  news: readonly PushedRow[],
  setting: SettingRow,
  language: PushLanguage,
  unread: readonly string[],
): PushMessage {
  const isFew = news.length <= mostItems;
  const message = (withText: boolean): PushMessage => ({
    language,
    unread: unread.map(id => toId('notification', id)),
    items: isFew ? news.map(row => itemOf(row, setting, withText)) : [],
    more: isFew ? 0 : news.length,
  });
  const whole = message(true);
  return Buffer.byteLength(JSON.stringify(whole)) <= mostPushBytes ? whole : message(false);
}

function itemOf(row: PushedRow, setting: SettingRow, withText: boolean): PushItem {
  const presenter = presenterFor({ seesNumbers: row.sees_numbers });
  const { id, kind, count, at, conversation, alert, campaign, by } = presenter.shown(presentNotification(setting)(row));
  const shown =
    setting.content === 'nothing'
      ? undefined
      : {
          name: conversation ? conversation.name : (alert?.title ?? campaign?.name ?? null),
          by: by?.name ?? null,
        };
  const isOneText = setting.content === 'text' && kind === 'message' && count === 1 && withText;
  return {
    id,
    kind,
    count,
    at,
    conversation_id: conversation?.id ?? null,
    campaign_id: campaign?.id ?? null,
    shown: shown
      ? { ...shown, account: row.account, text: isOneText && row.message ? gistOf(row.message) : null }
      : null,
  };
}
