/** What a model is shown of a change, as GitLab has it. Foreign text, all of it; a part that could not be read is null. */
export interface SummaryMaterial {
  readonly title: string | null;
  readonly description: string | null;
  readonly files: readonly ChangedFile[] | null;
  /** True where not all files were read. */
  readonly moreFiles: boolean;
  /** What people wrote, oldest first, without notes that are for members only. */
  readonly notes: readonly { readonly author: number | null; readonly text: string }[] | null;
}

export interface ChangedFile {
  readonly path: string;
  /** Null where GitLab does not show the lines. */
  readonly additions: number | null;
  readonly deletions: number | null;
}

/** True where there is nothing to summarise. */
export function isBlank({ title, description, files, notes }: SummaryMaterial): boolean {
  return !title?.trim() && !description?.trim() && !files?.length && !notes?.length;
}
