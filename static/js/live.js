// The only user of the socket. (Until it is there: nobody is heard.)
export function listen() {
  return { typing() {}, stop() {} };
}
