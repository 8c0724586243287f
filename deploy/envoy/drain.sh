#!/usr/bin/env bash
# drain.sh ADMIN_PORT [SECONDS]: has the Envoy with this admin port finish what it has in hand.
# It takes no further connections, and each answer ends its connection. Returns when no request is in hand, or after SECONDS (12: longer
# than any call takes; only streams last longer, and their clients connect again). Needs bash alone: Envoy's image has no curl.
port=$1
seconds=${2:-12}

admin() {
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return
  printf '%s %s HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 0\r\n\r\n' "$1" "$2" >&3
  cat <&3
  exec 3>&-
} 2>/dev/null

# The sum of a gauge over the listeners `rest` and `grpc`.
active() {
  admin GET "/stats?filter=^http.(rest|grpc).downstream_$1_active\$" | {
    sum=0
    while read -r line; do [[ $line =~ _active:\ ([0-9]+) ]] && ((sum += BASH_REMATCH[1])); done
    echo "$sum"
  }
}

# First answers say that they are the last of their connection, then nobody is let in: who is told so does not send another.
admin POST '/drain_listeners?graceful&skip_exit' >/dev/null || exit 0
admin POST /drain_listeners >/dev/null

# Connections without a request are given a moment to be used once more, which closes them: closed from here, a request could be on its way.
for ((tenth = 0; tenth < seconds * 10; tenth++)); do
  if [ "$(active rq)" = 0 ]; then
    ((++quiet > 5)) || [ "$(active cx)" = 0 ] && exit 0
  else
    quiet=0
  fi
  sleep 0.1
done
