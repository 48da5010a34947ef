import { z } from 'zod';
import type { Answer } from '../../domain/evidence.ts';
import { id, text, textOrNull } from './fields.ts';
import { perPage } from './pages.ts';
import { mapOutcome, readOne, type Connection, type Outcome } from './read.ts';

/** An address that GitLab shows on a profile; GitLab lets people show only what they have confirmed. */
export interface PublicAddress {
  /** In lower case. */
  readonly email: string;
  readonly userId: number;
  readonly answer: Answer;
}

const ShownAccount = z.object({ id: id.positive(), username: text, public_email: z.string().min(1) });

/** The public addresses of every account in these answers, whatever they are answers to. */
export function publicAddressesIn(answers: readonly Answer[]): PublicAddress[] {
  const shown = new Map<string, PublicAddress[]>();
  for (const answer of answers) {
    // Commits hold no accounts, and trailers that their authors name as they like.
    if (answer.status !== 200 || holdsCommits(answer)) continue;
    for (const { id: userId, public_email } of accountsIn(answer)) {
      const email = public_email.toLowerCase();
      shown.set(email, [...(shown.get(email) ?? []), { email, userId, answer }]);
    }
  }
  return [...shown.values()].flatMap(([first, ...others]) =>
    first === undefined || others.some(({ userId }) => userId !== first.userId) ? [] : [first],
  );
}

function holdsCommits({ name }: Answer): boolean {
  return /^(?:commits|version\.|commit_authors)/.test(name);
}

// What is not JSON shows no account. The walk keeps its own list, so that no depth of an answer ends it.
function accountsIn({ bytes }: Answer): z.infer<typeof ShownAccount>[] {
  const accounts: z.infer<typeof ShownAccount>[] = [];
  // Most answers show none, and every change has ten of them.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('public_email')) return accounts;
  const open: unknown[] = [jsonOf(bytes)];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== 'object' || value === null) continue;
    const account = 'public_email' in value ? ShownAccount.safeParse(value) : undefined;
    if (account?.success === true) accounts.push(account.data);
    for (const inner of Object.values(value)) open.push(inner);
  }
  return accounts;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

/** One element of `GET /users?search=…`. */
export const FoundUser = z.object({
  id: id.positive(),
  public_email: textOrNull,
  // These two are shown to administrators only.
  email: textOrNull,
  confirmed_at: z.string().nullish(),
});

/** Looks for the one account that has this address confirmed; null where there is none, or no telling which. */
export async function findByAddress(
  connection: Connection,
  name: string,
  address: string,
): Promise<Outcome<number | null>> {
  const path = `/users?search=${encodeURIComponent(address)}&per_page=${perPage}`;
  const found = await readOne(connection, name, path, z.array(FoundUser));
  return mapOutcome(found, (users) => {
    const [owner, ...others] = users.filter((user) => ownsAddress(user, address));
    // A full page may not be all.
    return owner === undefined || others.length > 0 || users.length >= perPage ? null : owner.id;
  });
}

function ownsAddress({ public_email, email, confirmed_at }: z.infer<typeof FoundUser>, address: string): boolean {
  if (public_email?.toLowerCase() === address) return true;
  return confirmed_at !== null && email?.toLowerCase() === address;
}
