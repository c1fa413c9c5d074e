// Access tokens that a script makes invalid.
import { z } from 'zod';
import { allows, createFaults } from '../control/faults.ts';
import { times } from '../control/script-fields.ts';

/** Why a token is not accepted any more, with Meta's subcode of error 190. */
const subcodes = { expired: 463, revoked: 460, invalid: 467 } as const;

export const tokenRule = z.strictObject({
  fault: z.enum(Object.keys(subcodes) as [keyof typeof subcodes, ...(keyof typeof subcodes)[]]),
  /** This token only; otherwise every one. */
  token: z.string().min(1).optional(),
  times,
  skip: times,
});

type TokenRule = z.infer<typeof tokenRule>;

export type Tokens = ReturnType<typeof createTokens>;

/** Returns the rules of tokens. */
export const createTokens = () => {
  const rules = createFaults<string, TokenRule>((rule, token) => allows(rule.token, token));
  return {
    ...rules,
    /** The fault of a call with this token, and its subcode; null if the token is accepted. */
    faultOf: (token: string): { fault: keyof typeof subcodes; subcode: number } | null => {
      const fault = rules.of(token);
      return fault === null || fault === undefined ? null : { fault, subcode: subcodes[fault] };
    },
  };
};
