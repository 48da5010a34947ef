import type { Config } from '../config/config.ts';
import { samePath } from '../domain/filter.ts';
import { createLayout, type Layout } from '../templates/layout.ts';

/** How rows and confirmations of each project look: the usual way, or that of the project's own entry. */
export function layoutsOf({ row, message, server, projects }: Config): (project: string) => Layout {
  const layoutWith = (own: Partial<Config['projects'][number]>): Layout =>
    createLayout({
      columns: own.columns ?? row.columns,
      messageTemplate: own.messageTemplate ?? message.template,
      publicUrl: server.publicUrl,
    });
  const usual = layoutWith({});
  const special = projects
    .filter(({ columns, messageTemplate }) => columns !== null || messageTemplate !== null)
    .map((project) => ({ path: project.path, layout: layoutWith(project) }));
  return (path) => special.find((one) => samePath(one.path, path))?.layout ?? usual;
}
