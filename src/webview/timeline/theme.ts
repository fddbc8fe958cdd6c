import type { Fonts } from './canvas-surface.ts';

/** Colours and fonts of VS Code's present theme, as a canvas takes them. */
export interface Theme {
  readonly isHighContrast: boolean;
  readonly isLight: boolean;
  readonly background: string;
  readonly raised: string;
  readonly foreground: string;
  readonly muted: string;
  readonly border: string;
  readonly focus: string;
  readonly error: string;
  readonly warning: string;
  readonly blue: string;
  readonly green: string;
  readonly orange: string;
  readonly purple: string;
  readonly gray: string;
  readonly fonts: Fonts;
  readonly fontSize: number;
}

type ColorName = Exclude<keyof Theme, 'isHighContrast' | 'isLight' | 'fonts' | 'fontSize'>;

/** Of each colour the theme's variables, the best first, and what to take where a theme has none of them: dark, light. */
const COLORS: Readonly<Record<ColorName, readonly [readonly string[], string, string]>> = {
  background: [['editor-background'], '#1f1f1f', '#ffffff'],
  raised: [['sideBar-background', 'editorWidget-background'], '#181818', '#f8f8f8'],
  foreground: [['editor-foreground', 'foreground'], '#cccccc', '#3b3b3b'],
  muted: [['descriptionForeground'], '#9d9d9d', '#6b6b6b'],
  border: [['contrastBorder', 'panel-border', 'editorGroup-border'], '#2b2b2b', '#e5e5e5'],
  focus: [['focusBorder'], '#0078d4', '#005fb8'],
  error: [['editorError-foreground', 'errorForeground', 'charts-red'], '#f85149', '#e51400'],
  warning: [['editorWarning-foreground', 'charts-yellow'], '#cca700', '#bf8803'],
  blue: [['charts-blue'], '#3794ff', '#1a85ff'],
  green: [['charts-green'], '#89d185', '#388a34'],
  orange: [['charts-orange'], '#d18616', '#d18616'],
  purple: [['charts-purple'], '#b180d7', '#652d90'],
  gray: [['disabledForeground', 'descriptionForeground'], '#7f7f7f', '#7f7f7f'],
};

/** Reads the theme from the page, where VS Code puts it as variables and classes. */
export function readTheme(): Theme {
  const { classList } = document.body;
  const style = getComputedStyle(document.documentElement);
  const isLight = classList.contains('vscode-light') || classList.contains('vscode-high-contrast-light');
  const variable = (name: string): string => style.getPropertyValue(`--vscode-${name}`).trim();
  const normalize = createNormalizer();

  function colorOf(name: ColorName): string {
    const [variables, dark, light] = COLORS[name];
    const told = variables.map(variable).find((value) => value !== '');
    return normalize(told ?? '', isLight ? light : dark);
  }

  const names = Object.keys(COLORS) as ColorName[];
  const colors = Object.fromEntries(names.map((name) => [name, colorOf(name)])) as Record<ColorName, string>;
  return {
    ...colors,
    isLight,
    isHighContrast: classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light'),
    fonts: {
      text: variable('font-family') || 'system-ui, sans-serif',
      mono: variable('editor-font-family') || 'monospace',
    },
    fontSize: 11,
  };
}

/** Calls back when VS Code changes the theme. */
export function onThemeChange(listener: () => void): void {
  const observer = new MutationObserver(listener);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}

/** A canvas understands every colour of CSS, and tells it in one of two forms. */
function createNormalizer(): (color: string, otherwise: string) => string {
  const context = document.createElement('canvas').getContext('2d');
  return (color, otherwise) => {
    if (context === null || color === '') return otherwise;
    context.fillStyle = otherwise;
    context.fillStyle = color;
    return context.fillStyle;
  };
}
