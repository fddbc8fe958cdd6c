import { element, icon, setAttributes } from './dom.ts';

/** A button that opens a box below it; Escape and a press elsewhere close it. */
export interface Menu {
  readonly element: HTMLElement;
  toggle(): void;
}

export function createMenu(name: string, path: string, content: readonly HTMLElement[], role: 'menu' | 'dialog'): Menu {
  const button = element(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      title: name,
      'aria-label': name,
      'aria-haspopup': role,
      'aria-expanded': 'false',
    },
    icon(path),
  );
  const box = element(
    'div',
    { class: `popup ${role}`, role, 'aria-label': name, hidden: true, tabindex: -1 },
    ...content,
  );
  const menu = element('div', { class: 'menu-anchor' }, button, box);
  const items = (): HTMLElement[] => Array.from(box.querySelectorAll<HTMLElement>('[role=menuitem]'));

  function set(open: boolean): void {
    box.hidden = !open;
    setAttributes(button, { 'aria-expanded': String(open) });
    if (open) (items()[0] ?? box).focus();
  }

  button.addEventListener('click', () => set(box.hidden !== false));
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !box.hidden) {
      set(false);
      button.focus();
      event.stopPropagation();
    }
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way === undefined || role !== 'menu') return;
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    all[(at + way + all.length) % all.length]?.focus();
    event.preventDefault();
  });
  box.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('[role=menuitem]') !== null) set(false);
  });
  document.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) set(false);
  });
  return { element: menu, toggle: () => set(box.hidden !== false) };
}

export function menuItem(text: string, onClick: () => void): HTMLButtonElement {
  const item = element('button', { type: 'button', role: 'menuitem', class: 'menu-item' }, text);
  item.addEventListener('click', onClick);
  return item;
}
