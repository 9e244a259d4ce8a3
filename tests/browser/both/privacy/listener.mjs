/**
 * Somebody else's computer: a listener for each try, which notes whoever connects, whether they then
 * say anything or not, and answers web requests as if everyone were welcome.
 */

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** @import { AddressInfo } from "node:net" */

const BODY = "export default 1;";
const ANSWER = [
  "HTTP/1.1 200 OK",
  "access-control-allow-origin: *",
  "access-control-allow-headers: *",
  "access-control-allow-private-network: true",
  "timing-allow-origin: *",
  "content-type: text/javascript",
  `content-length: ${BODY.length}`,
  "connection: close",
  "",
  BODY,
].join("\r\n");

/**
 * `arrived`: nothing; a connection on which nothing was said; or the first line of what was said.
 *
 * @typedef {{ url: string, arrived: () => string, close: () => void }} Listener
 */

export const NOTHING = "";
export const CONNECTION = "a connection, empty";

/** @returns {Promise<Listener>} */
export async function listen() {
  let arrived = NOTHING;
  /** @type {Set<import("node:net").Socket>} */
  const open = new Set();
  const server = createServer((socket) => {
    arrived ||= CONNECTION;
    open.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => open.delete(socket));
    socket.once("data", (data) => {
      if (arrived === CONNECTION) arrived = String(data).split("\r\n")[0] ?? "";
      socket.end(ANSWER);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: `http://127.0.0.1:${port}/secret`, arrived: () => arrived, close };
}

/** @returns {Promise<Listener>} for packets, as WebRTC and WebTransport send them */
export async function listenForPackets() {
  let arrived = NOTHING;
  const socket = createSocket("udp4", (packet) => {
    arrived = `a packet of ${packet.length} bytes`;
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  return {
    url: `https://127.0.0.1:${port}/secret`,
    arrived: () => arrived,
    close: () => socket.close(),
  };
}
