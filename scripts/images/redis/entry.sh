#!/bin/sh
# Options alone are redis-server's.
case "${1:-}" in -*) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then
  shift
  exec redis-server --bind '*' --protected-mode no "$@"
fi
exec "$@"
