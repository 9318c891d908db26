// Another WebSocket client than ours: the npm package `ws`. usage: socket.mjs URL MILLISECONDS
// Prints one line per message, or `refused STATUS`.
import { WebSocket } from 'ws';

const [url, limit] = process.argv.slice(2);
const socket = new WebSocket(url);
socket.on('open', () => console.log('open'));
socket.on('message', (data) => console.log(data.toString()));
socket.on('unexpected-response', (_request, response) => {
  console.log(`refused ${response.statusCode}`);
  process.exit(0);
});
socket.on('error', (error) => console.log(`error ${error.message}`));
setTimeout(() => socket.terminate(), Number(limit));
socket.on('close', () => process.exit(0));
