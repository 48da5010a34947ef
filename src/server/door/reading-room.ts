/** A body that is being read. */
export interface Reader {
  /** Bytes that have come so far. */
  bytes: number;
  /** Turned away to make room: whatever was read of it is let go of. */
  readonly evict: () => void;
}

/** Counts what is held of bodies whose sender is not known yet. */
export interface ReadingRoom {
  /** Bytes held now. */
  held(): number;
  enter(reader: Reader): void;
  /** Counts bytes that came in; where that is too much, the largest bodies are turned away. */
  grow(reader: Reader, bytes: number): void;
  leave(reader: Reader): void;
  /** Turns everybody away. */
  clear(): void;
}

/**
 * A room of so many bytes. Nobody can be known before the last byte of a body, so when it is full the largest go:
 * GitLab's deliveries are small, and a few large bodies that never end cannot keep them out.
 */
export function createReadingRoom(mostBytes: number): ReadingRoom {
  const readers = new Set<Reader>();
  let held = 0;

  function leave(reader: Reader): void {
    if (!readers.delete(reader)) return;
    held -= reader.bytes;
  }

  function evict(reader: Reader): void {
    leave(reader);
    reader.evict();
  }

  function makeRoom(): void {
    if (held <= mostBytes) return;
    evict(largestOf(readers));
    makeRoom();
  }

  return {
    held: () => held,
    enter: (reader) => void readers.add(reader),
    grow(reader, bytes) {
      if (!readers.has(reader)) return;
      reader.bytes += bytes;
      held += bytes;
      makeRoom();
    },
    leave,
    clear() {
      for (const reader of readers) evict(reader);
    },
  };
}

function largestOf(readers: ReadonlySet<Reader>): Reader {
  return [...readers].reduce((largest, one) => (one.bytes > largest.bytes ? one : largest));
}
