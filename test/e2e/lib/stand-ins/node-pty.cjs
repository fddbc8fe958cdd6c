// Stands in for node-pty, a native module that would need a compiler: programs in VS Code's terminal then talk through pipes,
// as those do that find no terminal. What they get to know of its end is the same signal.
const { spawn: start } = require('node:child_process');

class Pty {
  constructor(file, args, { name, cwd, env, cols, rows }) {
    Object.assign(this, { process: file, cols, rows, handleFlowControl: false });
    this.child = start(file, args, { cwd, env: { ...env, TERM: name }, stdio: 'pipe' });
    this.pid = this.child.pid;
    for (const stream of [this.child.stdout, this.child.stderr]) stream.setEncoding('utf8');
    // Who has gone reads nothing more.
    this.child.stdin.on('error', () => undefined);
  }

  onData(listener) {
    for (const stream of [this.child.stdout, this.child.stderr]) {
      // A terminal sends the carriage back by itself.
      stream.on('data', (text) => listener(text.replaceAll(/\r?\n/g, '\r\n')));
    }
    return { dispose: () => undefined };
  }

  onExit(listener) {
    this.child.on('error', () => listener({ exitCode: 127, signal: 0 }));
    this.child.on('close', (exitCode, signal) =>
      listener({ exitCode: exitCode ?? 1, signal: signal === null ? 0 : 1 }),
    );
    return { dispose: () => undefined };
  }

  write(data) {
    // Control and C is a signal in a terminal.
    if (String(data).includes('\x03')) this.child.kill('SIGINT');
    else this.child.stdin.write(data);
  }

  kill(signal = 'SIGHUP') {
    this.child.kill(signal);
  }

  resize(cols, rows) {
    Object.assign(this, { cols, rows });
  }

  clear() {}
  pause() {}
  resume() {}
}

// One assignment each: the server imports this as an ES module, and Node finds the names of the exports in this form only.
exports.spawn = (file, args, options) => new Pty(file, args, options);
