// The only user of the socket. What is heard is the server's; what was missed is asked for over HTTP by who listens.
let connecting;

// One connection a page, made when the page is at rest.
function connected() {
  connecting ??= rest()
    .then(() => import("socket.io-client"))
    .then(({ io }) => io({ transports: ["websocket"], reconnectionDelay: 1_000, reconnectionDelayMax: 15_000, randomizationFactor: 0.6 }));
  return connecting;
}

// Or some time later, if the device does not say so.
function backOnline() {
  return new Promise((resolve) => {
    addEventListener("online", resolve, { once: true });
    setTimeout(resolve, 20_000 + 10_000 * Math.random());
  });
}

function rest() {
  return new Promise((resolve) => {
    const later = () => ("requestIdleCallback" in window ? requestIdleCallback(resolve, { timeout: 2_000 }) : setTimeout(resolve, 200));
    if (document.readyState === "complete") later();
    else addEventListener("load", later, { once: true });
  });
}

const EVENTS = ["post:published", "post:changed", "discussion:changed", "figures:changed", "presence", "typing", "desk:changed", "desk:writing"];

// Of the person, whatever the page listens to: told to the page, for its bell.
function told({ count }) {
  document.dispatchEvent(new CustomEvent("notifications:changed", { detail: { count } }));
}

// `what`: {discussion, since()} or {desk}; `heard`: functions by event, and joined(answer), refused(sentence), lost().
export function listen(what, heard) {
  let socket, stopped, again;

  const join = () => {
    const wanted = what.desk ? { desk: what.desk } : { discussion: what.discussion, since: what.since() };
    socket.emit("join", wanted, (answer) => {
      if (stopped) return;
      if (answer?.refused) heard.refused?.(answer.refused);
      else {
        if (answer) told({ count: answer.unread });
        heard.joined?.(answer);
      }
    });
  };
  // Many are told at once: they do not ask at once.
  const rejoin = () => {
    clearTimeout(again);
    again = setTimeout(join, Math.random() * 2_000);
  };
  const hear = (made) => {
    if (stopped) return;
    socket = made;
    for (const event of EVENTS) if (heard[event]) socket.on(event, heard[event]);
    socket.on("notifications:changed", told);
    socket.on("connect", join);
    socket.on("rejoin", rejoin);
    socket.on("disconnect", (reason) => {
      heard.lost?.(reason);
      // The server has ended it: it is asked once more whether the session still holds.
      if (reason === "io server disconnect") setTimeout(() => stopped || socket.connect(), 1_000);
    });
    socket.on("connect_error", (error) => (error.message === "sign-in" ? heard.refused?.("") : heard.lost?.(error.message)));
    if (socket.connected) join();
  };
  // Not even loaded, as on the way into a tunnel: that is a loss, too, and tried again.
  const missed = () => {
    if (stopped) return;
    connecting = undefined;
    heard.lost?.("load");
    backOnline().then(begin);
  };
  const begin = () => stopped || connected().then(hear, missed);
  // The pauses between tries grow long in a tunnel; who comes out of it does not wait for the next.
  const comeBack = () => setTimeout(() => stopped || socket?.connected || socket?.disconnect().connect(), Math.random() * 1_000);
  addEventListener("online", comeBack);
  begin();

  return {
    typing: (discussion, parent) => socket?.connected && socket.emit("typing", { discussion, parent }),
    stop() {
      stopped = true;
      removeEventListener("online", comeBack);
      clearTimeout(again);
      socket?.disconnect();
    },
  };
}
