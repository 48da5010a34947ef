import { formatVerifierKey } from '@countersign/ledger';
import type { Config } from '../config/config.ts';
import type { Filter } from '../domain/filter.ts';
import type { LogName } from '../domain/introduction.ts';
import type { Database } from '../storage/database.ts';
import type { LogKeeper } from '../storage/keeper.ts';
import { openKeeper } from '../storage/open-keeper.ts';
import type { SigningKeyOptions } from '../storage/signing-key.ts';
import { primitives } from '../workflow/primitives.ts';

/** The log's keeper, with the key that the configuration names. */
export function keeperOf({ db }: Database, config: Config, dataFolder: string): Promise<LogKeeper> {
  return openKeeper(db, primitives, keyOptionsOf(config, dataFolder));
}

/** Where the signing key comes from. */
export function keyOptionsOf({ signingKey, nextSigningKey, ledger }: Config, dataFolder: string): SigningKeyOptions {
  const pem = signingKey?.reveal() ?? null;
  return {
    pem,
    nextPem: nextSigningKey?.reveal() ?? null,
    dataFolder,
    origin: ledger.origin,
    isUsualOrigin: !ledger.isNamed,
  };
}

/** How pages introduce the log. */
export function logNameOf({ ledger, server }: Config, { signer }: LogKeeper): LogName {
  return {
    origin: signer.name,
    verifierKey: formatVerifierKey(primitives, signer),
    checkpointUrl: ledger.serve ? `${server.publicUrl}/log/checkpoint` : null,
  };
}

/** What is watched, and what of it counts. */
export function filterOf(config: Config): Filter {
  const { groups, projects } = config.gitlab;
  return { groups, projects, ...config.filter, overrides: config.projects };
}
