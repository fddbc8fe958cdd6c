import { Uri, type Webview } from 'vscode';

/** The only folders that the webview may read. */
export function resourceRoots(extensionUri: Uri): Uri[] {
  return [Uri.joinPath(extensionUri, 'dist', 'webview'), Uri.joinPath(extensionUri, 'media')];
}

/** The page around the timeline. Nothing in it stems from a log. */
export function timelineHtml(webview: Webview, extensionUri: Uri): string {
  const nonce = createNonce();
  const script = webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist', 'webview', 'timeline.js')).toString();
  const style = webview.asWebviewUri(Uri.joinPath(extensionUri, 'media', 'timeline.css')).toString();
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src ${webview.cspSource}`].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>DMA Timeline</title>
</head>
<body>
<div id="timeline"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

const NONCE_LENGTH = 32;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function createNonce(): string {
  const numbers = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
  return Array.from(numbers, (number) => LETTERS[number % LETTERS.length]).join('');
}
