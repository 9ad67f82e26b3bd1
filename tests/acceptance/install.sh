#!/usr/bin/env bash
# Debian's Chromium for the browser tests. Without it they say so and are skipped.
set -euo pipefail
command -v chromium >/dev/null && exit 0
command -v apt-get >/dev/null || { echo "No apt-get: install Chromium by hand for the browser tests."; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
chromium --version
