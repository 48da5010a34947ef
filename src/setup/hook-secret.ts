import { Secret } from '../config/secret.ts';
import type { HookSecret } from '../connectors/gitlab/hooks.ts';
import type { Hook } from '../connectors/gitlab/hooks-schema.ts';
import type { KnownSecrets } from './hook-faults.ts';

/** A secret that was made here, and the name under which the service reads it. */
export interface NewSecret {
  readonly variable: 'GITLAB_SIGNING_TOKEN' | 'GITLAB_WEBHOOK_TOKEN';
  readonly value: Secret;
}

/** Which secret hooks get: a signing token where the server signs, else a plain one; made where none is configured. */
export interface HookSecretKeeper {
  /** What to give to a hook now. */
  offer(): HookSecret;
  /** Takes note of whether the server signs, by what it shows of a hook that was there. */
  learn(hook: Hook): void;
  /** The same by a hook that was just offered a secret. False where it has to be offered the other kind now. */
  wasTaken(hook: Hook): boolean;
  known(): KnownSecrets;
  /** True where the hooks that are there cannot have it. */
  isNew(): boolean;
  /** Hands a new secret over to whoever keeps it, once. */
  keep(): Promise<void>;
  made(): NewSecret | null;
  signingIsUseless(): boolean;
}

interface SecretOptions {
  readonly secrets: { readonly signing: Secret | null; readonly token: Secret | null };
  readonly random: (bytes: number) => Uint8Array;
  readonly keepSecret?: (made: NewSecret) => Promise<void>;
}

/** A signing token as GitLab takes it: the prefix, and 32 bytes in base64. */
export function makeSigningToken(random: SecretOptions['random']): Secret {
  return new Secret(`whsec_${Buffer.from(random(32)).toString('base64')}`);
}

/** Decides on the secret of all hooks of one run. */
export function createHookSecret({ secrets, random, keepSecret }: SecretOptions): HookSecretKeeper {
  const isConfigured = secrets.signing !== null || secrets.token !== null;
  const signing = secrets.signing ?? (isConfigured ? null : makeSigningToken(random));
  let token = secrets.token;
  let serverSigns = true;
  let isKept = false;

  const signs = (): boolean => signing !== null && serverSigns;
  const plain = (): Secret => (token ??= new Secret(Buffer.from(random(32)).toString('base64url')));
  const made = (): NewSecret | null => {
    if (signs())
      return secrets.signing === null && signing !== null ? { variable: 'GITLAB_SIGNING_TOKEN', value: signing } : null;
    return secrets.token === null ? { variable: 'GITLAB_WEBHOOK_TOKEN', value: plain() } : null;
  };

  return {
    offer: () => (signing !== null && signs() ? { signingToken: signing.reveal() } : { token: plain().reveal() }),
    learn(hook) {
      // Before 19.0 the field is not there at all.
      if (hook.hasSigningToken === null) serverSigns = false;
    },
    wasTaken(hook) {
      const offered = signs();
      if (offered && hook.hasSigningToken !== true) serverSigns = false;
      return signs() === offered;
    },
    known: () => ({ signing: signs(), token: !signs() }),
    isNew: () => made() !== null,
    async keep() {
      const fresh = made();
      if (fresh === null || isKept) return;
      isKept = true;
      await keepSecret?.(fresh);
    },
    made,
    signingIsUseless: () => secrets.signing !== null && !serverSigns,
  };
}
