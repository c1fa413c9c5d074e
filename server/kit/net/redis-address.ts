// The address of Redis or Valkey: one server, or sentinels that know which one is the primary.
import type { Redis, RedisOptions } from 'ioredis';

type Options = Omit<RedisOptions, 'replyMapping'>;

const sentinels = /^(rediss?)\+sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^@/?#\s]+)\/([^/?#\s]+)$/;
const place = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/;
const sentinelPort = 26_379;

/** Whether a text names sentinels, as in `redis+sentinel://:password@one:26379,two:26379/name`. */
export function namesSentinels(url: string): boolean {
  try {
    return sentinelOptions(url) !== undefined;
  } catch {
    // A % that cannot be decoded.
    return false;
  }
}

/** A connection to an address, which is a URL or names sentinels. Who calls loads ioredis, where it is needed. */
export function openRedis(Client: typeof Redis, url: string, more: Options): Redis {
  const found = sentinelOptions(url);
  return found ? new Client({ ...more, ...found }) : new Client(url, more);
}

function sentinelOptions(url: string): Options | undefined {
  const [, scheme, user = '', password = '', hosts = '', name] = sentinels.exec(url) ?? [];
  const places = hosts.split(',').map(text => place.exec(text));
  if (!name || places.some(found => found === null)) return undefined;
  return {
    sentinels: places.map(found => ({
      host: found?.[1]?.replace(/^\[|\]$/g, '') ?? '',
      port: Number(found?.[2] ?? sentinelPort),
    })),
    name,
    ...(user && { username: decodeURIComponent(user) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(scheme === 'rediss' && { tls: {}, enableTLSForSentinelMode: true }),
  };
}
