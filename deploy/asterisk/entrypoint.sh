#!/bin/sh
# Takes the configuration over, so that only Asterisk's user can read its passwords, and starts Asterisk as that user.
set -eu
config=${CONFIG:-/config}
etc=${ETC:-/etc/asterisk}
if [ ! -e "$config/asterisk.conf" ]; then
  echo "There is no configuration in $config: write one with 'flask --app wsgi telephony config DIR' and mount DIR there." >&2
  exit 1
fi
mkdir -p "$etc"
cp -R "$config/." "$etc/"
for folder in /var/lib/asterisk/keys /var/spool/asterisk/recording /var/spool/asterisk/tmp /run/asterisk /var/log/asterisk /var/cache/asterisk; do
  mkdir -p "$folder"
done
chown -R asterisk:asterisk "$etc" /var/lib/asterisk /var/spool/asterisk /run/asterisk /var/log/asterisk /var/cache/asterisk
chmod -R o= "$etc"
exec asterisk -f -n -U asterisk -G asterisk "$@"
