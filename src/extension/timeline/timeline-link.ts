import { Uri, env } from 'vscode';
import { parseTimelineState, type TimelineState } from '../../protocol/timeline-state.ts';

const EXTENSION_ID = 'dma-handoff.dma-handoff';
const LINK_PATH = '/timeline';

/** A link to a view, which a browser, a mail or a ticket can hold. */
export function toLink(state: TimelineState): string {
  return Uri.from({
    scheme: env.uriScheme,
    authority: EXTENSION_ID,
    path: LINK_PATH,
    query: toQuery(state),
  }).toString();
}

function toQuery({ log, boot, view }: TimelineState): string {
  const query = new URLSearchParams({ log, boot: String(boot), axis: view.axis });
  if (view.range !== null) {
    query.set('from', String(view.range.from));
    query.set('to', String(view.range.to));
  }
  if (view.query !== '') query.set('search', view.query);
  if (view.hideOthers) query.set('only', '1');
  if (view.selected !== null) query.set('mapping', String(view.selected));
  if (view.table) query.set('table', '1');
  return query.toString();
}

/** What a link asks for; `null`: it is none of ours. Anybody can write one, so nothing in it is believed. */
export function parseLink({ path, query }: Pick<Uri, 'path' | 'query'>): TimelineState | null {
  if (path !== LINK_PATH) return null;
  const values = new URLSearchParams(query);
  const number = (name: string): number => Number.parseFloat(values.get(name) ?? '');
  const state = parseTimelineState({
    log: values.get('log'),
    boot: number('boot'),
    view: {
      axis: values.get('axis'),
      range: { from: number('from'), to: number('to') },
      query: values.get('search') ?? '',
      hideOthers: values.get('only') === '1',
      selected: number('mapping'),
      table: values.get('table') === '1',
    },
  });
  return state !== null && toLogUri(state.log) !== null ? state : null;
}

/**
 * The log of a state; `null`: no log may lie there. A file on another machine (`file://machine/share`) is left alone, because
 * opening it would tell that machine who is here.
 */
export function toLogUri(log: string): Uri | null {
  if (!/^[a-z][a-z\d+.-]*:\//i.test(log)) return null;
  try {
    const uri = Uri.parse(log, true);
    if (uri.scheme === 'file' && uri.authority !== '') return null;
    return ['command', 'http', 'https', 'data', 'javascript'].includes(uri.scheme) ? null : uri;
  } catch {
    return null;
  }
}
