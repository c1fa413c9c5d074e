// The server's answers to what clients ask (`iq` stanzas).
import { type BinaryNode, QueryIds } from 'baileys';
import type { Device } from './accounts.ts';
import { child, children, firstChild, node } from './nodes.ts';
import { answerUserQuery } from './user-queries.ts';
import type { World } from './world.ts';

/** The content of the result, or a code of error. */
export type Answer = BinaryNode[] | number;

/** Answers a request of a device that is logged in. It answers an unknown request with an empty result. */
export function answer(world: World, device: Device, request: BinaryNode): Answer {
  const about = firstChild(request);
  if (!about) return [];
  switch (`${request.attrs.xmlns}/${about.tag}`) {
    case 'encrypt/count':
      return [node('count', { value: String(device.keys.count) })];
    case 'encrypt/digest':
      return [node('digest', {})];
    case 'encrypt/rotate':
      device.keys.rotate(about);
      return [];
    case 'encrypt/registration':
      device.keys.put(request);
      return [];
    case 'encrypt/key':
      return [
        node(
          'list',
          {},
          children(about, 'user').map(user => keysOf(world, user.attrs.jid ?? '')),
        ),
      ];
    case 'usync/usync':
      return answerUserQuery(world, about);
    case 'privacy/privacy':
      return [node('privacy', {}, [node('category', { name: 'readreceipts', value: 'all' })])];
    case 'abt/props':
      return [node('props', {})];
    case 'w:m/media_conn':
      return [mediaConnection(world)];
    case 'w:sync:app:state/sync':
      return [
        node(
          'sync',
          {},
          children(about, 'collection').map(({ attrs }) => node('collection', keepVersion(attrs))),
        ),
      ];
    case 'w:mex/query':
      if (about.attrs.query_id === QueryIds.MESSAGE_CAPPING_INFO && world.script.newChatsError !== undefined)
        return world.script.newChatsError;
      return [node('result', {}, Buffer.from(JSON.stringify(restrictions(world, device))))];
    case 'w:g2/query': {
      const group = world.groups.get(request.attrs.to ?? '');
      return group ? [group.metadata()] : 404;
    }
    case 'w:g2/participating':
      return world.script.groupsError ?? [node('groups', {}, groupsOf(world, device))];
    default:
      return [];
  }
}

function keysOf(world: World, jid: string): BinaryNode {
  const keys = world.accounts.deviceAt(jid)?.keys.take();
  return node('user', { jid }, keys ?? [node('error', { code: '404', text: 'not found' })]);
}

const keepVersion = ({ name, version }: BinaryNode['attrs']) => ({ name, version });

const mediaConnection = ({ media }: World) =>
  node('media_conn', { auth: 'fake', ttl: '3600' }, [
    node('host', { hostname: media.host, maxContentLengthBytes: '2147483648' }),
  ]);

/** How far an account is restricted in chats with people who never wrote. */
function restrictions({ script }: World, { account }: Device) {
  const until = script.restricted.get(account);
  const state = {
    is_active: until !== undefined,
    time_enforcement_ends: String(until ?? 0),
    enforcement_type: 'DEFAULT',
  };
  const quota = script.newChats.get(account);
  const capping = quota && {
    total_quota: quota.total,
    used_quota: quota.begun.size,
    cycle_end_timestamp: String(quota.until),
    capping_status: quota.begun.size < quota.total ? 'NONE' : 'CAPPED',
  };
  return { data: { xwa2_fetch_account_reachout_timelock: state, xwa2_message_capping_info: capping ?? {} } };
}

const groupsOf = ({ groups }: World, { account }: Device) =>
  [...groups.values()].filter(({ members }) => members.includes(account)).map(group => group.metadata());

/** Whether a request says that the client is ready to get what waited. */
export const isReady = (request: BinaryNode): boolean =>
  request.attrs.xmlns === 'passive' && child(request, 'active') !== undefined;
