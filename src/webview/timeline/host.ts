import type { FromTimeline, ToTimeline } from '../../protocol/timeline-messages.ts';
import type { TimelineState } from '../../protocol/timeline-state.ts';
import { parseTimelineState } from '../../protocol/timeline-state.ts';

/** The extension at the other end, and what VS Code keeps for this page. */
export interface Host {
  post(message: FromTimeline): void;
  onMessage(listener: (message: ToTimeline) => void): void;
  keep(state: TimelineState): void;
  kept(): TimelineState | null;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
}

declare function acquireVsCodeApi(): VsCodeApi;

export function connectHost(): Host {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) =>
      // Nobody else can post here: the page has no other frames, and its origin is its own.
      window.addEventListener('message', ({ data }: MessageEvent<ToTimeline>) => listener(data)),
    keep: (state) => api.setState(state),
    kept: () => parseTimelineState(api.getState()),
  };
}
