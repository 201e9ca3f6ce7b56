#!/usr/bin/env bash
# What tests need beyond Python: a browser, PostgreSQL, fonts for Chinese, Asterisk. Installed where that may be done without a question.
set -u
bash "$(dirname "$0")/install_asterisk.sh" # needs no root: a folder of its own
missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
fc-list 2>/dev/null | grep -qi "cjk" || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && { echo "Every part that tests need is here."; exit 0; }
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && { echo "Installed: ${missing[*]}"; exit 0; }
fi
echo "Not installed: ${missing[*]}. As root on Debian or Ubuntu: apt-get install ${missing[*]}. Tests that need them are skipped."
