type Child = Node | string | null;

/** Makes an element. Text becomes text, never HTML. `class` and `aria-…` are attributes; `on` are listeners. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | null>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** `null` and `false` take an attribute away, `true` sets it without a value. */
export function setAttributes(
  target: Element,
  attributes: Readonly<Record<string, string | number | boolean | null>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
}

/** Changes a text only where it differs: a screen reader reads what is written anew. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of 16 by 16 in the colour of the text around. */
export function icon(path: string): SVGSVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  setAttributes(drawing, { viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true', class: 'icon' });
  const shape = document.createElementNS(SVG, 'path');
  setAttributes(shape, { d: path });
  drawing.append(shape);
  return drawing;
}

/** A button with a drawing, whose name is read aloud and shown on hover. */
export function iconButton(name: string, path: string, onClick: () => void): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'icon-button', title: name, 'aria-label': name },
    icon(path),
  );
  button.addEventListener('click', onClick);
  return button;
}
