import type { Actions } from './actions.ts';
import type { Store } from './model.ts';

/** A pause in typing that is long enough to search. */
const TYPING_MS = 180;

/** What is typed into the search field, on its way to a search. */
export interface TypedSearch {
  /** Searches when the typing pauses. */
  type(query: string): void;
  /** Searches at once; what has been searched for already leads to the next match. */
  enter(query: string, direction: 1 | -1): void;
}

export function createTypedSearch(
  store: Pick<Store, 'get'>,
  actions: Pick<Actions, 'search' | 'nextMatch'>,
): TypedSearch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    type(query) {
      clearTimeout(timer);
      const before = store.get().query;
      timer = setTimeout(() => {
        // A filter that was chosen or a link that was opened in the meantime is the newer wish.
        if (store.get().query === before) actions.search(query);
      }, TYPING_MS);
    },
    enter(query, direction) {
      clearTimeout(timer);
      if (query === store.get().query) actions.nextMatch(direction);
      else actions.search(query);
    },
  };
}
