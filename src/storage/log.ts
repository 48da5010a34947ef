/** What storage says of itself, in the shape of a pino logger. */
export interface StorageLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
