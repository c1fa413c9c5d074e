// Finds what an access token may connect: the business accounts that Meta names, and their numbers. Stores nothing.
import type { AccountCheck, FoundNumbers, findNumbersBody } from '@recado/contract';
import type { z } from 'zod';
import type { Database } from '../../kit/db/database.ts';
import type { AccessKey, BusinessApi, BusinessFailure } from '../../ports/business.ts';
import { checkToken, meta } from './cloud-checks.ts';
import { takenNumbers } from './credentials-store.ts';

/** The most business accounts that are read at once. A token rarely has more than one. */
const mostBusinesses = 25;

type FoundBusiness = FoundNumbers['business_accounts'][number];

/** The business accounts and numbers of a token, or why Meta could not be asked. */
export async function findNumbers(
  { business, engineDb }: { business: BusinessApi; engineDb: Database },
  { access_token: accessToken, app_secret: appSecret, app_id: appId }: z.infer<typeof findNumbersBody>,
): Promise<FoundNumbers | BusinessFailure> {
  const {
    checks,
    appId: ofApp,
    businessIds,
    mayRead,
    unreachable,
  } = await checkToken(business, {
    accessToken,
    appSecret,
    appId,
    namesApp: true,
  });
  if (unreachable) return unreachable;
  const answer = (found: FoundBusiness[]): FoundNumbers => ({
    app_id: ofApp ?? null,
    ok: checks.every(({ ok }: AccountCheck) => ok),
    checks,
    business_accounts: found,
  });
  if (!mayRead) return answer([]);
  const found = await Promise.all(
    businessIds.slice(0, mostBusinesses).map(id => readBusiness(business, { accessToken, appSecret }, id)),
  );
  const taken = await takenNumbers(
    engineDb,
    found.flatMap(({ numbers }) => numbers.map(({ phone_number_id: id }) => id)),
  );
  return answer(
    found.map(each => ({
      ...each,
      numbers: each.numbers.map(number => ({ ...number, taken: taken.has(number.phone_number_id) })),
    })),
  );
}

async function readBusiness(api: BusinessApi, key: AccessKey, id: string): Promise<FoundBusiness> {
  const [about, numbers] = await Promise.all([api.describeBusiness(key, id), api.listNumbers(key, id)]);
  return {
    business_account_id: id,
    name: about.ok ? (about.value.name ?? null) : null,
    error: numbers.ok ? null : meta(numbers),
    numbers: numbers.ok
      ? numbers.value.map(({ id: numberId, phone, verifiedName, quality, isRegistered, isOnBusinessApp }) => ({
          phone_number_id: numberId,
          phone: phone ?? null,
          verified_name: verifiedName ?? null,
          quality: quality ?? null,
          is_registered: isRegistered ?? null,
          is_on_biz_app: isOnBusinessApp ?? null,
          taken: false,
        }))
      : [],
  };
}
