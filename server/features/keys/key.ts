// An API key: `rcd_live_` or `rcd_test_`, 32 random letters and digits, and a checksum of six, so that secret scanners
// recognize it.
import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ApiKey, KeyScope } from '@recado/contract';
import { toId } from '../../kit/ids.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const form = /^rcd_(live|test)_[0-9A-Za-z]{38}$/;
const hintLength = 'rcd_live_'.length + 4;

/** A new key with 190 random bits. */
export function newKey(test: boolean): string {
  let random = '';
  while (random.length < 32)
    // 248 is the largest multiple of 62 in a byte; larger values would favour some characters.
    for (const byte of randomBytes(32)) if (byte < 248 && random.length < 32) random += alphabet[byte % 62];
  const body = `rcd_${test ? 'test' : 'live'}_${random}`;
  return body + checkOf(body);
}

/** Whether a text has the format of a key and a correct checksum: the CRC-32 of the rest, in base 62. */
export const isKey = (text: string): boolean => form.test(text) && checkOf(text.slice(0, -6)) === text.slice(-6);

function checkOf(text: string): string {
  let rest = crc32(text);
  let check = '';
  for (let place = 0; place < 6; place++) {
    check = alphabet[rest % 62] + check;
    rest = Math.floor(rest / 62);
  }
  return check;
}

/** The visible beginning of a key. */
export const hintOf = (key: string): string => key.slice(0, hintLength);

export interface KeyRow {
  id: string;
  name: string;
  hint: string;
  test: boolean;
  scopes: KeyScope[];
  sees_numbers: boolean;
  accounts: string[] | null;
  addresses: string[] | null;
  created_by: string;
  creator: string | null;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

const iso = (time: Date | null) => time?.toISOString() ?? null;

export const present = (row: KeyRow): ApiKey => ({
  id: toId('api_key', row.id),
  name: row.name,
  hint: row.hint,
  test: row.test,
  scopes: row.scopes,
  sees_numbers: row.sees_numbers,
  account_ids: row.accounts?.map(id => toId('account', id)) ?? null,
  addresses: row.addresses,
  created_by: { id: toId('person', row.created_by), name: row.creator ?? '' },
  created_at: row.created_at.toISOString(),
  expires_at: iso(row.expires_at),
  revoked_at: iso(row.revoked_at),
  last_used_at: iso(row.last_used_at),
});
