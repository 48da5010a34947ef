import type { z } from 'zod';
import { isConnectorError } from '../errors.ts';
import type { FoundAccount } from './inspect.ts';
import type { CurrentUser } from './inspect-schema.ts';

/** Who an answer of v1 says that we are. */
export function accountOf(user: z.infer<typeof CurrentUser>): FoundAccount {
  const kind = user.type === 'anonymous' ? 'anonymous' : 'known';
  return { kind, id: user.accountId ?? user.username ?? null, name: user.displayName ?? null };
}

/** Whether a page may be updated or created; null where nothing at all is said. */
export function allows(
  operations: readonly { readonly operation: string; readonly targetType: string }[] | undefined,
  wanted: 'update' | 'create',
): boolean | null {
  if (operations === undefined || operations.length === 0) return null;
  return operations.some(({ operation, targetType }) => operation === wanted && targetType === 'page');
}

/** What was read, or null where this credential is not told. An outage is still one. */
export async function unlessRefused<T>(reading: Promise<T | null>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isConnectorError(error) && ['unauthorized', 'forbidden', 'not_found', 'refused'].includes(error.code))
      return null;
    throw error;
  }
}
