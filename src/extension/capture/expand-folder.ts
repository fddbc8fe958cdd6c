export interface Places {
  /** The workspace folder. */
  readonly folder: string;
  readonly home: string;
}

/**
 * Puts folders in for the two variables that paths in tasks.json begin with. VS Code replaces variables only when the task
 * starts, and whoever follows its log has to know the path.
 */
export function expandFolder(path: string, { folder, home }: Places): string {
  return path.replaceAll(/\$\{(?:workspaceFolder|userHome)\}/g, (variable) =>
    variable === '${userHome}' ? home : folder,
  );
}
