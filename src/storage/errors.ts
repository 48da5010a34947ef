/** Every way the database can fail us that a person can do something about. */
export type StorageErrorCode =
  | 'unsupported_platform' // no Postgres binaries that run on this machine
  | 'root_refused' // started as root, and neither a user namespace nor another user can run Postgres here
  | 'data_folder_unusable' // not ours, not writable, or not what it should be
  | 'data_folder_version' // written by another major version of Postgres
  | 'data_folder_in_use' // another service runs on it
  | 'server_start_failed'
  | 'server_stop_failed'
  | 'database_unreachable'
  | 'server_too_old'
  | 'schema_too_new' // migrated by a later version of Countersign
  | 'migration_failed'
  | 'log_of_another_key' // the ledger in this database is signed with another key
  | 'log_of_another_origin' // … or has another name
  | 'log_broken' // what stands in the database is not what was sealed
  | 'log_rolled_back' // it ends before, or is not, what this node has seen of it
  | 'log_empty'
  | 'key_rotated' // the key was changed between signing and appending: sign again
  | 'key_used_before'
  | 'next_key_missing'; // a rotation without the key to go over to

export class StorageError extends Error {
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StorageError';
    this.code = code;
  }
}

/** True for errors of this area; by shape, because classes do not survive a queue or a process. */
export function isStorageError(error: unknown): error is StorageError {
  return error instanceof Error && error.name === 'StorageError' && 'code' in error;
}

/** The code of an operating system, `pg` or own error, where it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
