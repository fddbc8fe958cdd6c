// Stands in for @vscode/spdlog, a native logger that would need a compiler: the server then logs through this.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];

class Logger {
  constructor(file) {
    this.file = file;
    this.level = 2;
    LEVELS.forEach((name, rank) => {
      this[name] = (message) => {
        if (rank >= this.level) this.write(name, message);
      };
    });
  }

  write(name, message) {
    try {
      fs.appendFileSync(this.file, `${new Date().toISOString()} [${name}] ${message}\n`);
    } catch {
      // The data folder is already gone when the server logs its own end.
    }
  }

  setLevel(level) {
    this.level = level;
  }

  getLevel() {
    return this.level;
  }

  clearFormatters() {}
  setPattern() {}
  flush() {}
  drop() {}
}

async function createLogger(_name, file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(file);
}

// One assignment each: the server imports this as an ES module, and Node finds the names of the exports in this form only.
exports.version = 'stand-in';
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
