/* global window, document, performance, Worker */

// Runs in the page: VS Code's API for webviews, and what the extension does.
{
  const page = /** @type {any} */ (window);
  const worker = new Worker('/dist/worker/main.web.js');
  const open = new Map();
  let lastId = 0;
  worker.onmessage = ({ data }) => {
    if (data.kind !== 'response') return;
    open.get(data.id)?.(data.outcome);
    open.delete(data.id);
  };
  const call = (name, params, transfer = []) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      open.set(id, (outcome) =>
        outcome.ok ? resolve(outcome.value) : reject(new Error(`${name}: ${outcome.failure.message}`)),
      );
      worker.postMessage({ kind: 'request', id, name, params }, transfer);
    });
  // As between extension host and webview: copied, and handed over in another turn.
  const tell = (message) => page.postMessage(message, '*');

  const analysis = 1;
  let boot = 0;
  let view = null;
  let load = 0;
  const told = [];
  const seconds = {};

  async function openBoot() {
    load++;
    const begin = performance.now();
    const opened = await call('openTimeline', { analysis, boot });
    seconds.layout = (performance.now() - begin) / 1000;
    const boots = page.standIn.boots;
    tell({ kind: 'open', load, log: 'file:///boot.log', name: page.standIn.name, boot, boots, view, ...opened });
    const { barCount, underlayCount } = opened.outline;
    // See `TimelineBars` and `TimelineUnderlays`.
    const placeBytes = opened.outline.first.seconds === null ? 20 : 36;
    seconds.columnBytes = barCount * (placeBytes + 10) + underlayCount * placeBytes;
    const piece = 1 << 16;
    for (let from = 0; from < underlayCount; from += piece) {
      const to = Math.min(from + piece, underlayCount);
      tell({
        kind: 'underlays',
        load,
        from,
        underlays: await call('readTimelineUnderlays', { analysis, boot, from, to }),
      });
    }
    for (let from = 0; from < barCount; from += piece) {
      const to = Math.min(from + piece, barCount);
      tell({ kind: 'bars', load, from, bars: await call('readTimelineBars', { analysis, boot, from, to }) });
    }
    tell({ kind: 'editor-line', line: page.standIn.editorLine });
  }

  async function answer(message) {
    if (message.kind === 'ready') await openBoot();
    else if (message.kind === 'choose-boot') {
      boot = message.boot;
      await openBoot();
    } else if (message.kind === 'search') {
      const matches = await call('searchTimeline', { analysis, boot, query: message.query });
      tell({ kind: 'matches', load, query: message.query, matches });
    } else if (message.kind === 'tell-mapping') {
      const facts = await call('describeMapping', { analysis, boot, mapping: message.mapping });
      tell({ kind: 'stories', load, mapping: message.mapping, stories: page.standIn.tellFacts?.(facts) ?? [] });
    } else if (message.kind === 'tell-rows') {
      const rows = await Promise.all(
        message.mappings.map(async (mapping) => {
          const params = { traceIndex: boot, list: 'mappings', from: mapping - 1, to: mapping };
          const [item] = await call('readPage', { analysis, page: params });
          return { mapping, handle: item.handle, generation: item.generation, host: item.host, device: item.device };
        }),
      );
      tell({ kind: 'rows', load, rows });
    } else if (message.kind === 'move-cursor') {
      const moment = await call('replayMoment', { analysis, step: message.step });
      tell({ kind: 'cursor', step: message.step, moment });
    }
  }

  page.acquireVsCodeApi = () => ({
    postMessage(message) {
      told.push(message);
      void answer(message);
    },
    setState: (state) => void (page.standIn.state = state),
    getState: () => page.standIn.state,
  });
  page.standIn = {
    call,
    told,
    seconds,
    name: 'boot.log',
    boots: [''],
    state: null,
    editorLine: null,
    tellFacts: null,
    setView: (wanted) => void (view = wanted),
    setBoot: (wanted) => void (boot = wanted),
    /** Loads the webview, as VS Code does when the panel opens. */
    start() {
      const script = document.createElement('script');
      script.src = '/dist/webview/timeline.js';
      document.body.append(script);
    },
  };
}
