/** How people name a merge request: by its address, or as `group/project!7`, or by the key of its change. */
export type ChangeName =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'reference'; readonly text: string; readonly project: string; readonly iid: number };

/** Reads a name as it was typed or pasted; undefined where it is none. */
export function parseChangeName(text: string): ChangeName | undefined {
  const url = /^(https?:\/\/.+\/merge_requests\/\d+)(?:[/?#].*)?$/.exec(text.trim());
  if (url?.[1] !== undefined) return { kind: 'url', url: url[1] };

  const reference = /^(\S+)!(\d{1,15})$/.exec(text.trim());
  if (reference?.[1] === undefined || reference[2] === undefined) return undefined;
  return { kind: 'reference', text: text.trim(), project: reference[1], iid: Number(reference[2]) };
}
