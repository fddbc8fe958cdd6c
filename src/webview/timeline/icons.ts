/** Drawings of the buttons: filled shapes on a grid of 16 by 16. */
export const ICONS = {
  zoomIn:
    'M7 2a5 5 0 1 0 3 9l3.3 3.3 1-1L11 10a5 5 0 0 0-4-8zm0 1.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2zM6.4 5h1.2v1.4H9v1.2H7.6V9H6.4V7.6H5V6.4h1.4z',
  zoomOut:
    'M7 2a5 5 0 1 0 3 9l3.3 3.3 1-1L11 10a5 5 0 0 0-4-8zm0 1.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2zM5 6.4h4v1.2H5z',
  zoomAll: 'M1 3h1.4v10H1zM13.6 3H15v10h-1.4zM3.4 8l3-3v2.3h3.2V5l3 3-3 3V8.7H6.4V11z',
  zoomExit: 'M2 3h7v1.4H3.4v7.2H9V13H2zM10.6 4.6 14 8l-3.4 3.4V8.8H6V7.2h4.6z',
  zoomSelection:
    'M1 3h3v1.3H2.3V6H1zM12 3h3v3h-1.3V4.3H12zM1 10h1.3v1.7H4V13H1zM13.7 10H15v3h-3v-1.3h1.7zM4 6.4h8v3.2H4z',
  search: 'M7 2a5 5 0 1 0 3 9l3.3 3.3 1-1L11 10a5 5 0 0 0-4-8zm0 1.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2z',
  previous: 'M8 5.2 13.4 10.6l-1 1L8 7.2l-4.4 4.4-1-1z',
  next: 'M8 10.8 2.6 5.4l1-1L8 8.8l4.4-4.4 1 1z',
  table: 'M1.5 2.5h13v11h-13zM2.8 3.8v2h10.4v-2zM2.8 7v2H6V7zM7.3 7v2h5.9V7zM2.8 10.2v2H6v-2zM7.3 10.2v2h5.9v-2z',
  share: 'M8 1.5 11.5 5l-1 1-1.8-1.8V10H7.3V4.2L5.5 6l-1-1zM3 8h1.4v5h7.2V8H13v6.4H3z',
  help: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.3a5.2 5.2 0 1 0 0 10.4A5.2 5.2 0 0 0 8 2.8zM7.3 10.6h1.4V12H7.3zM8 4.2c1.4 0 2.4.9 2.4 2.1 0 1.5-1.7 1.8-1.7 3.2H7.3c0-2 1.7-2.2 1.7-3.1 0-.5-.4-.9-1-.9s-1.1.4-1.1 1H5.6C5.6 5.1 6.6 4.2 8 4.2z',
  close: 'M3.7 2.8 8 7.1l4.3-4.3.9.9L8.9 8l4.3 4.3-.9.9L8 8.9l-4.3 4.3-.9-.9L7.1 8 2.8 3.7z',
  first: 'M2.5 3H4v10H2.5zM13 3v10L5 8z',
  back: 'M5 3h1.5v10H5zM13 3v10L7.5 8z',
  play: 'M4 2.5v11L13 8z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forward: 'M9.5 3H11v10H9.5zM3 3v10l5.5-5z',
  last: 'M12 3h1.5v10H12zM3 3v10l8-5z',
} as const;
