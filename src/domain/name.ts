/** How people name a change: by the merge request's address, as `group/project!7`, by its key, or by its record's id. */
export type ChangeName =
  | { readonly kind: 'record'; readonly recordId: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'reference'; readonly text: string; readonly project: string; readonly iid: number };

/** Reads a name as it was typed or pasted; undefined where it is none. */
export function parseChangeName(text: string): ChangeName | undefined {
  if (isRecordId(text.trim())) return { kind: 'record', recordId: text.trim() };

  const url = /^(https?:\/\/.+\/merge_requests\/\d+)(?:[/?#].*)?$/.exec(text.trim());
  if (url?.[1] !== undefined) return { kind: 'url', url: url[1] };

  const reference = /^(\S+)!(\d{1,15})$/.exec(text.trim());
  if (reference?.[1] === undefined || reference[2] === undefined) return undefined;
  return { kind: 'reference', text: text.trim(), project: reference[1], iid: Number(reference[2]) };
}

/** True for text of the form of a record id. */
export function isRecordId(text: string): boolean {
  return /^SEC-[0-9a-f]{16}$/.test(text);
}
