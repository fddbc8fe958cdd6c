// Stands in for native-watchdog: the server's children end with their pipe, which is enough for a test run.
exports.start = () => undefined;
exports.exit = (code) => process.exit(code ?? 0);
