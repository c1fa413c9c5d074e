// Registers the numbers of Sandbox accounts with the simulator, so that people can write to them first.
import { z } from 'zod';
import type { AccountNumber } from '../../features/accounts/index.ts';
import type { Logger } from '../../kit/log.ts';

/** A hanging simulator must not delay our start, or the response to creating an account. */
const patienceMs = 5_000;

const numberList = z.object({
  numbers: z.array(z.object({ phone_number_id: z.string(), business_account_id: z.string() })),
});

/**
 * Registers numbers that the simulator does not know, or knows in another business account. Logs a failure: the simulator learns a number at its first send
 * anyway.
 */
export async function introduceNumbers(simulatorUrl: string, numbers: AccountNumber[], log: Logger): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs);
  const call = async (init: RequestInit) => {
    const response = await fetch(`${simulatorUrl}/numbers`, { ...init, signal, redirect: 'error' });
    if (!response.ok) throw new Error(`the simulator answered with HTTP status ${response.status}`);
    return response.json();
  };
  try {
    const listed = numberList.parse(await call({}));
    const known = new Map(listed.numbers.map(number => [number.phone_number_id, number.business_account_id]));
    for (const { phone, numberId, businessId } of numbers) {
      if (known.get(numberId) === (businessId ?? known.get(numberId) ?? null)) continue;
      await call({
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          phone_number_id: numberId,
          display_phone_number: phone,
          ...(businessId !== null && { business_account_id: businessId }),
        }),
      });
    }
  } catch (error) {
    log.warn({ err: error }, 'the numbers of Sandbox accounts could not be registered with the simulator');
  }
}
