import { createTimelineAssembler, type TimelineAssembler } from '../../core/timeline/assemble.ts';
import type { Timeline } from '../../core/timeline/timeline.ts';
import type { OpenTimeline, ToTimeline } from '../../protocol/timeline-messages.ts';
import { WHOLE_VIEW, type TimelineView } from '../../protocol/timeline-state.ts';
import type { Actions } from './actions.ts';
import type { Grid } from './grid.ts';
import type { Host } from './host.ts';
import { barOf, fromView, viewOf, type Store } from './model.ts';
import { plural } from './words.ts';

/** Takes what the extension sends. */
export function createReceiver(store: Store, actions: Actions, host: Host, grid: Grid): (message: ToTimeline) => void {
  let assembler: TimelineAssembler | null = null;
  let opened: OpenTimeline | null = null;
  let wanted: TimelineView | null = null;

  function open(head: OpenTimeline): void {
    const { head: before, timeline } = store.get();
    const isSame = before !== null && before.log === head.log && before.boot === head.boot;
    // The old picture stays until the new one is there.
    store.update({ head: isSame ? before : head, notice: null, ...(isSame ? {} : { timeline: null, progress: 0 }) });
    wanted = head.view ?? (isSame && timeline !== null ? viewOf(store.get()) : keptView(host, head));
    opened = head;
    assembler = createTimelineAssembler(head);
    finish();
  }
  function finish(): void {
    if (assembler === null || opened === null) return;
    store.update({ progress: assembler.progress });
    const timeline = assembler.finish();
    if (timeline === null) return;
    assembler = null;
    showTimeline(opened, timeline);
  }

  function showTimeline(head: OpenTimeline, timeline: Timeline): void {
    const view = wanted ?? WHOLE_VIEW;
    const shown = fromView(view, timeline);
    store.update({ ...shown, head, timeline, query: '', matches: null, selected: null, stories: null });
    actions.select(shown.selected ?? null);
    actions.search(view.query);
    actions.say(`${plural(timeline.outline.barCount, 'mapping')} of ${head.name}.`);
  }

  return (message) => {
    if ('load' in message && message.kind !== 'open' && message.load !== opened?.load) return;
    switch (message.kind) {
      case 'waiting':
        // What is shown already is not covered.
        if (store.get().timeline === null) store.update({ notice: { text: message.text, isError: false } });
        else actions.say(message.text);
        return;
      case 'failed':
        store.update({ notice: { text: message.text, isError: true }, timeline: null });
        return;
      case 'open':
        open(message);
        return;
      case 'bars':
        assembler?.addBars(message.from, message.bars);
        finish();
        return;
      case 'underlays':
        assembler?.addUnderlays(message.from, message.underlays);
        finish();
        return;
      case 'matches':
        if (message.query === store.get().query) store.update({ matches: message.matches });
        return;
      case 'stories': {
        const { timeline, selected } = store.get();
        if (timeline !== null && selected === barOf(timeline, message.mapping))
          store.update({ stories: message.stories });
        return;
      }
      case 'rows':
        grid.addRows(message.rows);
        return;
      case 'editor-line':
        store.update({ editorLine: message.line });
        return;
      case 'cursor':
        takeCursor(message);
        return;
      case 'show':
        actions.show(message.view);
        return;
      case 'told':
        actions.say(message.text);
        return;
    }
  };

  function takeCursor({ step, moment }: ToTimeline & { readonly kind: 'cursor' }): void {
    const { head, isPlaying, cursor } = store.get();
    if (head === null) return;
    const local = step === null ? null : step - head.firstStep;
    const isHere = local !== null && local >= 0 && local < head.outline.stepCount;
    // While it plays, the picture is ahead of what is told about it.
    const isBehind = isPlaying && cursor !== null && isHere && local <= cursor;
    store.update({ moment: isHere ? moment : null, ...(isBehind ? {} : { cursor: isHere ? local : null }) });
  }
}

function keptView(host: Host, head: OpenTimeline): TimelineView | null {
  const kept = host.kept();
  return kept !== null && kept.log === head.log && kept.boot === head.boot ? kept.view : null;
}
