#!/usr/bin/env bash
# Sees to it that a Docker engine answers: installs Debian's when there is none, starts it in the background when none runs. Says in one line what it did.
# Exits 3 where it can't; container tests are then skipped by name.
set -uo pipefail

cannot() {
  echo "no Docker engine: $1" >&2
  exit 3
}

# The engine may answer where no client is installed: it is asked as the client asks it.
answers() {
  if [ -n "${DOCKER_HOST:-}" ]; then docker version >/dev/null 2>&1; else curl --silent --fail --max-time 3 --unix-socket /var/run/docker.sock http://localhost/_ping >/dev/null 2>&1; fi
}

did=
if answers; then
  echo "a Docker engine answers already"
  exit 0
fi
[ -z "${DOCKER_HOST:-}" ] || cannot "none answers at DOCKER_HOST, and another is not started beside it"
[ "$(id -u)" -eq 0 ] || cannot "none answers, and only root can start one"

if ! command -v dockerd >/dev/null; then
  command -v apt-get >/dev/null || cannot "none is installed, and this is no Debian"
  export DEBIAN_FRONTEND=noninteractive
  # The lists may be older than the packages on the mirror.
  { apt-get install -y -qq --no-install-recommends docker.io || { apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io; }; } >/dev/null 2>&1 </dev/null \
    || cannot "apt-get can't install docker.io"
  did="installed Debian's docker.io; "
fi

# What dockerd of before left behind, if it was killed.
rm -f /var/run/docker.pid
log=$(mktemp -d "${TMPDIR:-/tmp}/squall-dockerd-XXXXXX")/dockerd.log
setsid nohup dockerd >"$log" 2>&1 </dev/null &
dockerd=$!
for _ in $(seq 120); do
  if answers; then
    echo "${did}started dockerd $(dockerd --version | sed 's/.*version \([^,]*\),.*/\1/'), its log is $log"
    exit 0
  fi
  kill -0 "$dockerd" 2>/dev/null || cannot "dockerd ended: $(grep -v level=info "$log" | tail -n 1)"
  sleep 0.5
done
kill "$dockerd"
cannot "dockerd did not answer within 60 s, its log is $log"
