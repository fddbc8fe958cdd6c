import { window, workspace, type Uri } from 'vscode';
import type { FromTimeline } from '../../protocol/timeline-messages.ts';

type Export = Extract<FromTimeline, { readonly kind: 'export' }>;

const TITLES = { svg: 'Export as SVG', png: 'Export as PNG' } as const;

/** Asks where a picture of the timeline should go, and writes it there. */
export async function saveExport(log: Uri, picture: Export): Promise<void> {
  const { format } = picture;
  const target = await window.showSaveDialog({
    title: TITLES[format],
    defaultUri: log.with({ path: `${log.path}.timeline.${format}` }),
    filters: { [format.toUpperCase()]: [format] },
  });
  if (target === undefined) return;
  const bytes = picture.format === 'svg' ? new TextEncoder().encode(picture.text) : new Uint8Array(picture.bytes);
  try {
    await workspace.fs.writeFile(target, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void window.showErrorMessage(`The picture could not be saved. ${reason}`);
  }
}
