import { TabInputText, ViewColumn, window, type Uri } from 'vscode';

/** Where the log's editor is, or should be: beside its timeline, never over it. */
export function columnOfLog(log: Uri, timeline: ViewColumn | undefined): ViewColumn {
  for (const group of window.tabGroups.all) {
    const holdsLog = group.tabs.some(({ input }) => input instanceof TabInputText && isSame(input.uri, log));
    if (holdsLog) return group.viewColumn;
  }
  return timeline === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
}

function isSame(one: Uri, other: Uri): boolean {
  return one.toString() === other.toString();
}
