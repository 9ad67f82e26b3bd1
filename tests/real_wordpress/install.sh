#!/bin/sh
# Installs what the real-WordPress tests need, from Debian's own packages. Quiet, and nothing is started.
set -e
have() { [ -e /usr/share/wordpress/wp-load.php ] && command -v mariadbd >/dev/null && command -v php >/dev/null && php -m | grep -qx mysqli; }
have && exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "needs root and apt-get" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
# The packages' services stay off: the tests start their own servers.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq >/dev/null 2>&1 || true
apt-get install -y -qq --no-install-recommends wordpress mariadb-server php-cli php-mysql php-gd php-xml php-mbstring >/dev/null 2>&1
have
