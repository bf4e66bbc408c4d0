// A Socket.IO server as it comes, with what the forum's stand-in knows of `join` and `say`: node live_push.mjs PORT
import { createServer } from "node:http"
import { createRequire } from "node:module"

const { Server } = createRequire(`${process.cwd()}/`)("socket.io")
const http = createServer()
const io = new Server(http, { transports: ["websocket"], serveClient: false })
io.on("connection", (socket) => {
  socket.on("join", (room, answer) => {
    socket.join(room)
    answer?.(room)
  })
  socket.on("say", (message) => io.to(message.room).emit(message.event ?? "said", message.data))
})
http.listen(Number(process.argv[2]), "127.0.0.1", 4096)
