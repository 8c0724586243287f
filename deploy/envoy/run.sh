#!/usr/bin/env bash
# run.sh ADMIN_PORT COMMAND…: runs Envoy, and when it is told to end (SIGTERM) has it first finish what it has in hand.
# A container's first process: no hook of the platform is needed, but a grace period longer than draining takes.
admin_port=$1
shift
"$@" --drain-strategy immediate &
envoy=$!
trap 'bash "${BASH_SOURCE[0]%/*}/drain.sh" "$admin_port"; kill -TERM $envoy' TERM INT
wait $envoy
# A signal ends the first wait; Envoy itself has ended when it is awaited again.
while kill -0 $envoy 2>/dev/null; do wait $envoy; done
wait $envoy
